import type { Endpoint } from '../../engine/endpoint.ts';
import { AppError } from '../../errors.ts';
import type { EngineFacts } from '../surroundings.ts';
import { type Check, messageOf } from './check.ts';

const PERMISSION =
  'Add your user to the docker group (sudo usermod -aG docker "$USER", then log in again) or use a rootless engine.';
const START = 'Start Docker (sudo systemctl start docker, or Docker Desktop), or set DOCKER_HOST or DOCKER_CONTEXT.';

/** What to do about a connection that failed with a system error code. */
const MENDS: Readonly<Record<string, string>> = {
  EACCES: PERMISSION,
  EPERM: PERMISSION,
  ENOENT: START,
  ECONNREFUSED: START,
  ENOTSOCK: 'The path is not a socket: correct DOCKER_HOST.',
  ENOTFOUND: 'The host name is not known: correct DOCKER_HOST or the context.',
  ETIMEDOUT: 'Nothing answers at that address: check host, port and firewall.',
};

/** The first system error code in the chain of causes. */
function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const code = 'code' in thrown && !(thrown instanceof AppError) ? thrown.code : undefined;
  return typeof code === 'string' ? code : systemCode(thrown.cause);
}

function mendFor(thrown: unknown, endpoint: Endpoint): string {
  if (endpoint.kind === 'ssh') {
    const target = endpoint.description;
    return `Check that ssh reaches the host without a password prompt and finds docker there: docker -H ${target} version`;
  }
  const hint = thrown instanceof AppError ? thrown.hint : undefined;
  return MENDS[systemCode(thrown) ?? ''] ?? hint ?? START;
}

/** Whether the engine answers; `ping` asks it who it is. */
export async function checkEngine(endpoint: Endpoint, ping: () => Promise<EngineFacts>): Promise<Check> {
  try {
    const { version, apiVersion, os, arch } = await ping();
    return { name: 'engine', status: 'ok', detail: `Docker ${version}, API ${apiVersion}, ${os}/${arch}` };
  } catch (thrown) {
    const code = systemCode(thrown);
    const message = messageOf(thrown);
    const detail = code === undefined || message.includes(code) ? message : `${message} (${code})`;
    return { name: 'engine', status: 'fail', detail, mend: mendFor(thrown, endpoint) };
  }
}
