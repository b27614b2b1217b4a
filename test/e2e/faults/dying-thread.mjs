// Preloaded into the server's threads: a worker dies when the test says so, in the way it says. As JavaScript, since Node
// loads it as it is.
import { connect } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const DEATHS = {
  throw: () => {
    throw new Error('struck');
  },
  reject: () => void Promise.reject(new Error('struck')),
  exit: () => process.exit(7),
};

if (!isMainThread) {
  const socket = connect(process.env.DEATH_SOCKET);
  socket.unref();
  socket.once('data', (word) => setImmediate(DEATHS[word.toString()]));
}
