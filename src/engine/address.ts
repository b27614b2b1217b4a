import { ConfigError, withoutPassword } from '../config/fault.ts';

/** Where an engine listens, as an address says it. */
export type Address =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'npipe'; readonly path: string }
  | TcpAddress
  | SshAddress;

/** `secure`: the address itself asks for TLS (`https://`). */
export interface TcpAddress {
  readonly kind: 'tcp';
  readonly host: string;
  readonly port?: number;
  readonly secure: boolean;
}

/** `path` is the engine's socket on that host; without it the remote Docker CLI chooses. */
export interface SshAddress {
  readonly kind: 'ssh';
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  readonly path?: string;
}

const UNIX_SOCKET = '/var/run/docker.sock';
const WINDOWS_PIPE = '//./pipe/docker_engine';
/** Longest path that fits `sockaddr_un` with its closing NUL on Linux. */
const MAX_SOCKET_PATH_BYTES = 107;

const EXPECTED = 'unix://PATH, npipe://PATH, tcp://HOST[:PORT] or ssh://[USER@]HOST[:PORT][/SOCKET]';
/** Groups: user info, host (IPv6 in brackets), port, path. */
const AUTHORITY = /^(?:([^@]*)@)?(?:\[([0-9a-fA-F:.]+(?:%\w+)?)\]|([\w.-]*))(?::([0-9]{1,5}))?(\/.*)?$/;

/** Carries the reason to `parseAddress`, which knows the whole text and where it came from. */
class BadAddress extends Error {}

interface Authority {
  readonly userInfo: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string;
}

function portOf(digits: string | undefined): number | undefined {
  if (digits === undefined) return undefined;
  const port = Number(digits);
  if (port < 1 || port > 65_535) throw new BadAddress('the port is not in 1 to 65535');
  return port;
}

function authorityOf(rest: string): Authority {
  const match = AUTHORITY.exec(rest);
  if (match === null) throw new BadAddress('it is not HOST[:PORT]');
  const [, userInfo, bracketed, plain, digits, path] = match;
  const host = bracketed ?? plain ?? '';
  // A host such as -oProxyCommand=… would be an option to ssh.
  if (host.startsWith('-')) throw new BadAddress('the host starts with "-"');
  return { userInfo, host, port: portOf(digits), path: path ?? '' };
}

function tcpAddress(rest: string, secure: boolean): Address {
  const { userInfo, host, port, path } = authorityOf(rest);
  if (userInfo !== undefined) throw new BadAddress('a user or password is not supported here; use certificates or ssh');
  if (path !== '' && path !== '/') throw new BadAddress('a path is not supported');
  return { kind: 'tcp', host: host === '' ? 'localhost' : host, ...(port === undefined ? {} : { port }), secure };
}

function sshUser(userInfo: string): string {
  if (userInfo.includes(':')) throw new BadAddress('a password is not supported; ssh uses its own keys and agent');
  if (!/^[\w.][\w.-]*$/.test(userInfo)) throw new BadAddress('the user name is not valid');
  return userInfo;
}

function sshPath(path: string): string {
  if (!/^\/[\w./@+,=-]*$/.test(path)) throw new BadAddress('the socket path is not plain');
  return path;
}

function sshAddress(rest: string): SshAddress {
  const { userInfo, host, port, path } = authorityOf(rest);
  if (host === '') throw new BadAddress('there is no host');
  return {
    kind: 'ssh',
    host,
    ...(userInfo === undefined ? {} : { user: sshUser(userInfo) }),
    ...(port === undefined ? {} : { port }),
    ...(path === '' || path === '/' ? {} : { path: sshPath(path) }),
  };
}

function unixAddress(path: string): Address {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
    throw new BadAddress(`a socket path has at most ${MAX_SOCKET_PATH_BYTES} bytes`);
  }
  return { kind: 'unix', path: path === '' ? UNIX_SOCKET : path };
}

function parse(text: string): Address {
  // The Docker CLI takes `host:port` without a scheme for tcp.
  const [, scheme = 'tcp', rest = ''] = /^(?:(.*?):\/\/)?(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case 'unix':
      return unixAddress(rest);
    case 'npipe':
      return { kind: 'npipe', path: rest === '' ? WINDOWS_PIPE : rest };
    case 'tcp':
    case 'http':
      return tcpAddress(rest, false);
    case 'https':
      return tcpAddress(rest, true);
    case 'ssh':
      return sshAddress(rest);
    default:
      throw new BadAddress(`${JSON.stringify(scheme)} is not a supported scheme`);
  }
}

/**
 * Reads an engine address as the Docker CLI does; `http(s)` counts as tcp (with TLS).
 * `origin` names what holds the text, for the ConfigError thrown where it is no address.
 */
export function parseAddress(text: string, origin: string): Address {
  try {
    return parse(text.trim());
  } catch (thrown) {
    if (!(thrown instanceof BadAddress)) throw thrown;
    throw new ConfigError([{ name: origin, expected: EXPECTED, given: withoutPassword(text), detail: thrown.message }]);
  }
}

/** Where the engine is when nothing says otherwise. */
export function defaultAddress(platform: NodeJS.Platform): Address {
  return platform === 'win32' ? { kind: 'npipe', path: WINDOWS_PIPE } : { kind: 'unix', path: UNIX_SOCKET };
}
