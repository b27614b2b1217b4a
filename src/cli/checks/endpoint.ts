import { ConfigError, faultLine } from '../../config/fault.ts';
import type { Endpoint, EndpointSource } from '../../engine/endpoint.ts';
import { type Check, messageOf } from './check.ts';

/** Hosts whose traffic does not leave this machine. */
const LOCAL = /^(localhost|127\.[\d.]+|::1)$/;

function reasonFor(source: EndpointSource): string {
  return source === 'default' ? 'the built-in default; nothing else is set' : `from ${source}`;
}

export function checkEndpoint(endpoint: Endpoint): Check {
  const detail = `${endpoint.description} (${reasonFor(endpoint.source)})`;
  const open = endpoint.kind === 'tcp' && endpoint.tls === undefined && !LOCAL.test(endpoint.host);
  if (!open) return { name: 'endpoint', status: 'ok', detail };
  return {
    name: 'endpoint',
    status: 'warn',
    detail: `${detail}: plain TCP, readable and usable by anybody on the way`,
    mend: 'Use TLS (DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH) or ssh://.',
  };
}

export function endpointFailure(thrown: unknown): Check {
  const detail = thrown instanceof ConfigError ? thrown.faults.map(faultLine).join('; ') : messageOf(thrown);
  const mend = 'Set DOCKER_HOST to the address of your engine, or choose a context with docker context use.';
  return { name: 'endpoint', status: 'fail', detail, mend };
}
