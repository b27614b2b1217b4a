import type { Endpoint } from '../../engine/endpoint.ts';
import { socketHint } from '../../engine/socket-hint.ts';
import { AppError } from '../../errors.ts';
import type { EngineFacts } from '../surroundings.ts';
import { type Check, messageOf } from './check.ts';
import { PERMISSION } from './socket.ts';

const START = 'Start Docker (sudo systemctl start docker, or Docker Desktop), or set DOCKER_HOST or DOCKER_CONTEXT.';
/** Docker 20.10. */
const OLDEST_API = { major: 1, minor: 41 } as const;

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

function mendFor(thrown: unknown, endpoint: Endpoint, runtimeDirectory: string | undefined): string {
  const hint = thrown instanceof AppError ? thrown.hint : undefined;
  if (endpoint.kind === 'ssh') {
    const target = endpoint.description;
    return hint ?? `Check that ssh reaches the host without asking and finds docker there: docker -H ${target} version`;
  }
  const code = systemCode(thrown) ?? '';
  const found = endpoint.kind === 'unix' ? socketHint(endpoint.path, code, runtimeDirectory) : undefined;
  return found ?? MENDS[code] ?? hint ?? START;
}

function unreachable(thrown: unknown, endpoint: Endpoint, runtimeDirectory: string | undefined): Check {
  const code = systemCode(thrown);
  const message = messageOf(thrown);
  // Of ssh, the message has what it said.
  const told = code === undefined || message.includes(code) || endpoint.kind === 'ssh';
  return {
    name: 'engine',
    status: 'fail',
    detail: told ? message : `${message} (${code})`,
    mend: mendFor(thrown, endpoint, runtimeDirectory),
  };
}

function checkVersion({ version, apiVersion, os, arch }: EngineFacts): Check {
  const detail = `${version}, API ${apiVersion}, ${os}/${arch}`;
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  const recent = major > OLDEST_API.major || (major === OLDEST_API.major && minor >= OLDEST_API.minor);
  if (recent) return { name: 'engine version', status: 'ok', detail };
  const mend = 'Update the engine: it was tested with Docker 20.10 (API 1.41) and later.';
  return { name: 'engine version', status: 'warn', detail: `${detail}: older than what was tested`, mend };
}

/** Whether the engine answers, and which one it is; `ping` asks it. `runtimeDirectory` as XDG_RUNTIME_DIR, where that is set. */
export async function checkEngine(
  endpoint: Endpoint,
  ping: () => Promise<EngineFacts>,
  runtimeDirectory?: string,
): Promise<Check[]> {
  const begun = performance.now();
  try {
    const facts = await ping();
    const detail = `answers (${Math.round(performance.now() - begun)} ms)`;
    return [{ name: 'engine', status: 'ok', detail }, checkVersion(facts)];
  } catch (thrown) {
    return [unreachable(thrown, endpoint, runtimeDirectory)];
  }
}
