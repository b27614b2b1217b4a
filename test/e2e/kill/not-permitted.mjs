// Preloaded into the server's threads: it may signal nobody, as a user who is not root.
process.kill = () => {
  throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
};
