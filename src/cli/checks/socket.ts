import { accessSync, constants, statSync } from 'node:fs';
import type { Endpoint } from '../../engine/endpoint.ts';
import { socketHint } from '../../engine/socket-hint.ts';
import { type Check, messageOf } from './check.ts';

export const PERMISSION =
  'Add your user to the docker group (sudo usermod -aG docker "$USER", then log in again) or use a rootless engine.';

const WRITABLE_BY_OTHERS = 0o002;

/** Who may use a unix socket may use the engine, and with it the machine; undefined where there is no socket file. */
export function checkSocket(endpoint: Endpoint, runtimeDirectory?: string): Check | undefined {
  if (endpoint.kind !== 'unix') return undefined;
  try {
    accessSync(endpoint.path, constants.R_OK | constants.W_OK);
    if ((statSync(endpoint.path).mode & WRITABLE_BY_OTHERS) === 0) {
      return { name: 'socket', status: 'ok', detail: 'may be used by you, and not by everybody' };
    }
    return {
      name: 'socket',
      status: 'warn',
      detail: 'everybody on this machine may use it, and is as good as root with it',
      mend: `Close it: sudo chmod o-rw ${endpoint.path}`,
    };
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    // That nothing is there is what the engine's own check tells.
    if (code === 'ENOENT') return undefined;
    const mend = socketHint(endpoint.path, code, runtimeDirectory) ?? PERMISSION;
    return { name: 'socket', status: 'fail', detail: messageOf(thrown), mend };
  }
}
