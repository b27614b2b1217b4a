import { rmSync } from 'node:fs';
import net from 'node:net';
import { findProgram } from './prerequisites.ts';
import { foregroundService, type Service } from './service.ts';
import { sshdConfigFile, sshdLogFile, sshdPort } from './sshd-files.ts';

/** OpenSSH's server as `startSshd` prepared it in `folder`. */
export function sshdService(folder: string): Service {
  return foregroundService(
    {
      // sshd runs itself again for each connection, by its full path.
      command: findProgram('sshd') ?? '/usr/sbin/sshd',
      args: ['-D', '-e', '-f', sshdConfigFile(folder)],
      logFile: sshdLogFile(folder),
      isReady: () => accepts(sshdPort(folder)),
    },
    async () => rmSync(folder, { recursive: true, force: true }),
  );
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
