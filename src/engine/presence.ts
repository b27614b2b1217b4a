import type { EngineClient } from './client.ts';
import { type EngineAnswer, PING } from './request.ts';
import { type EngineVersion, engineVersion } from './version.ts';

/** Asks the engine whether it is there and who it is, within `deadlineMs`. Throws as every call to the engine does. */
export type FindEngine = (deadlineMs: number) => Promise<EngineVersion>;

/** Name and version of the answering software, as every engine states them; '' where this one does not. */
function signatureOf({ headers }: EngineAnswer): string {
  const { server } = headers;
  return server === undefined ? '' : [server, headers['api-version'], headers['ostype']].join(' ');
}

/**
 * Docker runs two programs (runc, docker-init) to answer a version request: 15 ms at rest and 50 under load, a ping 2. So it
 * is asked for its version once, and again when another version answers the ping.
 */
export function createEngineFinder(engine: EngineClient): FindEngine {
  let known: { readonly signature: string; readonly version: EngineVersion } | undefined;
  return async (deadlineMs) => {
    const begun = performance.now();
    const ping = { operation: 'answer a ping', deadlineMs };
    const signature = await engine.request(ping, PING, signatureOf);
    if (known !== undefined && signature !== '' && known.signature === signature) return known.version;
    const version = await engineVersion(engine, Math.max(1, Math.ceil(deadlineMs - (performance.now() - begun))));
    known = { signature, version };
    return version;
  };
}
