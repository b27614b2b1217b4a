// Preloaded into the server (NODE_OPTIONS=--import), and by that into each of its worker threads: on SIGUSR2 every thread
// writes a line of JSON to stderr that says what it holds.
import { EventEmitter } from 'node:events';
import { writeSync } from 'node:fs';
import { getHeapStatistics, queryObjects } from 'node:v8';
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';

const channel = new BroadcastChannel('probe');
channel.onmessage = ({ data }) => {
  if (data === 'hello') threads += 1;
  else report(data);
};
channel.unref();

/** Main counts the workers that said hello. */
let threads = 1;
let asked = 0;

if (isMainThread) process.on('SIGUSR2', ask);
else channel.postMessage('hello');

function ask() {
  asked += 1;
  channel.postMessage(asked);
  report(asked);
}

/** queryObjects collects garbage first: what it counts is really held. */
function report(probe) {
  const held = {
    functions: count(Function),
    emitters: count(EventEmitter),
    targets: count(EventTarget),
    promises: count(Promise),
    buffers: count(ArrayBuffer),
    objects: count(Object),
  };
  const { used_heap_size: heapBytes, external_memory: externalBytes } = getHeapStatistics();
  const facts = { probe, thread: threadId, threads, resources: resources(), held, heapBytes, externalBytes };
  writeSync(2, `${JSON.stringify(facts)}\n`);
}

function count(kind) {
  return queryObjects(kind, { format: 'count' });
}

/** What keeps the loop alive, timers and handles, counted by kind. */
function resources() {
  const counts = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
