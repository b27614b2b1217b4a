// Preloaded into the server's threads: no process of this host is any container's, as with an engine on another machine.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const { readFile } = fs;
fs.readFile = (path, ...rest) =>
  /^\/proc\/\d+\/(?:cgroup|cmdline)$/.test(path) ? Promise.resolve('') : readFile(path, ...rest);
syncBuiltinESMExports();
