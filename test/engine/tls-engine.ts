import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, createAuthority, issue, type Pair, writeClientFiles } from './certificates.ts';
import { type Containers, containers } from './containers.ts';
import { newFolder } from './folder.ts';
import { freePort } from './port.ts';
import { startPrivateEngine } from './private.ts';

/** A private engine that also listens on TCP, where it takes no one without a certificate of its CA. */
export interface TlsEngine extends Pick<Containers, 'run'> {
  readonly port: number;
  readonly authority: Authority;
  /** A client's certificate that the engine takes. */
  readonly client: Pair;
  /** `client` and the CA's certificate, as DOCKER_CERT_PATH. */
  readonly certPath: string;
  /** For more files; removed with the engine. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** The only name in the engine's certificate. */
export const ENGINE_ADDRESS = '127.0.0.1';

export async function startTlsEngine(): Promise<TlsEngine> {
  const folder = newFolder();
  const authority = createAuthority(join(folder, 'ca'));
  const server = issue(authority, { name: 'engine', usage: 'serverAuth', names: `IP:${ENGINE_ADDRESS}` });
  const client = issue(authority, { name: 'client', usage: 'clientAuth' });
  const port = await freePort();
  const certificates = [`--tlscacert=${authority.certificate}`, `--tlscert=${server.cert}`, `--tlskey=${server.key}`];
  const engine = await startPrivateEngine({
    flags: [`--host=tcp://${ENGINE_ADDRESS}:${port}`, '--tlsverify', ...certificates],
  });
  return {
    port,
    authority,
    client,
    certPath: writeClientFiles(join(folder, 'client'), authority, client),
    folder,
    run: containers(engine.docker, engine.images).run,
    async stop() {
      await engine.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
