import type { Config } from '../config/schema.ts';
import { type Address, defaultAddress, parseAddress, type SshAddress, type TcpAddress } from './address.ts';
import { DEFAULT_CONTEXT, dockerConfigFile, readContext, readCurrentContext } from './context-store.ts';
import { readTlsFiles, type TlsDirectory, type TlsSettings } from './tls-files.ts';

/** What decided which engine is used. */
export type EndpointSource = 'DOCKER_HOST' | 'DOCKER_CONTEXT' | "docker config's currentContext" | 'default';

interface Described {
  /** The address for people, without any secret. */
  readonly description: string;
  readonly source: EndpointSource;
}

export type UnixEndpoint = Described & { readonly kind: 'unix'; readonly path: string };
export type NpipeEndpoint = Described & { readonly kind: 'npipe'; readonly path: string };
export type TcpEndpoint = Described & {
  readonly kind: 'tcp';
  readonly host: string;
  readonly port: number;
  /** Absent: plain text. */
  readonly tls?: TlsSettings;
};
export type SshEndpoint = Described & {
  readonly kind: 'ssh';
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** The engine's socket on that host; absent: the remote Docker CLI's default. */
  readonly path?: string;
};

/** Where the engine is and how to get there. Plain data: it can be posted to a worker. */
export type Endpoint = UnixEndpoint | NpipeEndpoint | TcpEndpoint | SshEndpoint;

type SocketConfig = Pick<
  Config,
  'dockerHost' | 'dockerContext' | 'dockerTlsVerify' | 'dockerCertPath' | 'dockerConfig'
>;
/** Reads certificates only where they are needed: an ssh or unix address has no use for broken ones. */
type ReadTls = () => TlsSettings | undefined;

/** IANA has 2375 for Docker's plain text and 2376 for its TLS. */
const PORTS = { plain: 2375, tls: 2376 } as const;

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function tcpEndpoint(address: TcpAddress, source: EndpointSource, readTls: ReadTls): TcpEndpoint {
  const tls = readTls() ?? (address.secure ? { rejectUnauthorized: true } : undefined);
  const port = address.port ?? (tls === undefined ? PORTS.plain : PORTS.tls);
  const description = `tcp://${bracketed(address.host)}:${port}${tls === undefined ? '' : ' (TLS)'}`;
  return { kind: 'tcp', host: address.host, port, ...(tls === undefined ? {} : { tls }), description, source };
}

function sshDescription({ user, host, port, path }: SshAddress): string {
  const userPart = user === undefined ? '' : `${user}@`;
  const portPart = port === undefined ? '' : `:${port}`;
  return `ssh://${userPart}${bracketed(host)}${portPart}${path ?? ''}`;
}

function endpointAt(address: Address, source: EndpointSource, readTls: ReadTls): Endpoint {
  switch (address.kind) {
    case 'tcp':
      return tcpEndpoint(address, source, readTls);
    case 'ssh':
      return { ...address, description: sshDescription(address), source };
    default:
      return { ...address, description: `${address.kind}://${address.path}`, source };
  }
}

/** DOCKER_TLS_VERIFY alone turns TLS on, DOCKER_CERT_PATH only says where the files are: as the Docker CLI. */
function tlsFromEnvironment(config: SocketConfig): TlsSettings | undefined {
  if (!config.dockerTlsVerify) return undefined;
  const directory: TlsDirectory =
    config.dockerCertPath === undefined
      ? { path: config.dockerConfig, origin: 'DOCKER_CONFIG', caRequired: true }
      : { path: config.dockerCertPath, origin: 'DOCKER_CERT_PATH', caRequired: true };
  return { ...readTlsFiles(directory), rejectUnauthorized: true };
}

/** The address in DOCKER_HOST or the built-in one, which is TLS on this host where DOCKER_TLS_VERIFY asks for it. */
function environmentEndpoint(config: SocketConfig, source: EndpointSource, platform: NodeJS.Platform): Endpoint {
  const host = config.dockerHost?.trim() ?? '';
  const builtIn = config.dockerTlsVerify ? parseAddress('tcp://', 'DOCKER_HOST') : defaultAddress(platform);
  const address = host === '' ? builtIn : parseAddress(host, 'DOCKER_HOST');
  return endpointAt(address, source, () => tlsFromEnvironment(config));
}

interface Choice {
  readonly source: EndpointSource;
  readonly context: string;
  /** What holds the context's name, for errors. */
  readonly origin: string;
}

function choose(config: SocketConfig): Choice {
  if (config.dockerHost !== undefined) return { source: 'DOCKER_HOST', context: DEFAULT_CONTEXT, origin: '' };
  if (config.dockerContext !== undefined) {
    return { source: 'DOCKER_CONTEXT', context: config.dockerContext, origin: 'DOCKER_CONTEXT' };
  }
  const current = readCurrentContext(config.dockerConfig);
  if (current === undefined) return { source: 'default', context: DEFAULT_CONTEXT, origin: '' };
  const origin = `currentContext in ${dockerConfigFile(config.dockerConfig)}`;
  return { source: "docker config's currentContext", context: current, origin };
}

function contextEndpoint(config: SocketConfig, choice: Choice, platform: NodeJS.Platform): Endpoint {
  const context = readContext(config.dockerConfig, choice.context, choice.origin);
  const where = `context ${JSON.stringify(choice.context)}`;
  const address = context.host === '' ? defaultAddress(platform) : parseAddress(context.host, where);
  return endpointAt(address, choice.source, () => {
    const files = readTlsFiles({ path: context.tlsDirectory, origin: where, caRequired: false });
    if (Object.keys(files).length === 0 && !context.skipTlsVerify) return undefined;
    return { ...files, rejectUnauthorized: !context.skipTlsVerify };
  });
}

/**
 * The engine the Docker CLI would use with the same environment: DOCKER_HOST, then DOCKER_CONTEXT, then the current
 * context of the Docker configuration, then the built-in address. Reads files, never the network.
 * Throws a ConfigError where the address, the context or a certificate cannot be used.
 */
export function resolveEndpoint(config: SocketConfig, platform: NodeJS.Platform = process.platform): Endpoint {
  const choice = choose(config);
  if (choice.context === DEFAULT_CONTEXT) return environmentEndpoint(config, choice.source, platform);
  return contextEndpoint(config, choice, platform);
}
