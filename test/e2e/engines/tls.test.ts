import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority, issue, type Pair, writeClientFiles } from '../../engine/certificates.ts';
import type { TestContainer } from '../../engine/containers.ts';
import { createContext } from '../../engine/context.ts';
import { ENGINE_ADDRESS, startTlsEngine, type TlsEngine } from '../../engine/tls-engine.ts';
import { openServer, startServer, type TestServer } from '../client.ts';
import { readLog } from '../log-reading.ts';
import { listenOn } from './listener.ts';
import {
  exec,
  expectHealthy,
  expectKill,
  expectLogs,
  expectStdin,
  expectStream,
  expectUnreachable,
  logged,
} from './road.ts';

let engine: TlsEngine;
let server: TestServer;
let box: TestContainer;

function env(certPath: string, host = ENGINE_ADDRESS) {
  return {
    DOCKER_HOST: `tcp://${host}:${engine.port}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: certPath,
    MCP_DOCKER_KILL_GRACE_MS: '200',
  };
}

function clientFiles(name: string, authority: Authority, client?: Pair): string {
  return writeClientFiles(join(engine.folder, name), authority, client);
}

beforeAll(async () => {
  engine = await startTlsEngine();
  box = await logged(engine.run);
  server = await openServer({ env: env(engine.certPath) });
});

afterAll(async () => {
  await server.close();
  await engine.stop();
});

describe('an engine behind mutual TLS', () => {
  it('is healthy', () => expectHealthy(server, `tcp://${ENGINE_ADDRESS}:${engine.port} (TLS)`));
  it('takes stdin to its end', () => expectStdin(server, box));
  it('streams every byte', () => expectStream({ env: env(engine.certPath) }, box));
  it('has logs', () => expectLogs(server, box));
  it('has commands killed', () => expectKill(server, box));

  it('is found by a context with its TLS files in the store', async () => {
    const files = { ca: engine.authority.certificate, ...engine.client };
    const store = createContext(join(engine.folder, 'docker'), 'far', `tcp://${ENGINE_ADDRESS}:${engine.port}`, files);
    const there = await startServer({ env: { DOCKER_CONFIG: store, DOCKER_CONTEXT: 'far' } });
    expect(await exec(there, { id: box.id, cmd: ['echo', 'there'] })).toMatchObject({ stdout: 'there\n', exitCode: 0 });
    expect(readLog(await there.call('docker_logs', { id: box.id }))).toMatchObject({ lines: 2 });
  });
});

describe('what keeps TLS from an engine is named', () => {
  it('a CA that did not sign its certificate', async () => {
    const stranger = createAuthority(join(engine.folder, 'stranger'));
    const other = await startServer({ env: env(clientFiles('wrong-ca', stranger, engine.client)) });
    await expectUnreachable(other, /not signed by the CA/, /ca\.pem/);
  });

  it('a host name that its certificate does not have', async () => {
    const other = await startServer({ env: env(engine.certPath, 'localhost') });
    await expectUnreachable(other, /another host name/, /subjectAltName/);
  });

  it('no client certificate', async () => {
    const other = await startServer({ env: env(clientFiles('none', engine.authority)) });
    await expectUnreachable(other, /no client certificate that it takes/, /must have cert\.pem and key\.pem/);
  });

  it('a client certificate that has expired', async () => {
    const late = issue(engine.authority, { name: 'late', usage: 'clientAuth', days: -1 });
    const other = await startServer({ env: env(clientFiles('late', engine.authority, late)) });
    await expectUnreachable(other, /no client certificate that it takes/, /not expired/);
  });

  it('a certificate of the engine that has expired', async () => {
    const { cert, key } = issue(engine.authority, {
      name: 'expired',
      usage: 'serverAuth',
      names: `IP:${ENGINE_ADDRESS}`,
      days: -1,
    });
    const expired = await listenOn(tls.createServer({ cert: readFileSync(cert), key: readFileSync(key) }));
    const other = await startServer({ env: { ...env(engine.certPath), DOCKER_HOST: expired.dockerHost } });
    await expectUnreachable(other, /expired/, /[Rr]enew/);
  });
});

describe('DOCKER_TLS_VERIFY', () => {
  it.each(['1', '0', 'false', 'no'])('%s never lets a request out in clear text', async (value) => {
    const plain = await listenOn();
    const other = await startServer({
      env: { ...env(engine.certPath), DOCKER_HOST: plain.dockerHost, DOCKER_TLS_VERIFY: value },
    });
    await expectUnreachable(other, /does not speak TLS/, /DOCKER_TLS_VERIFY/);
    expect(plain.received.length).toBeGreaterThan(0);
    for (const bytes of plain.received) {
      // A TLS handshake record.
      expect(bytes[0]).toBe(0x16);
      expect(bytes.toString('latin1')).not.toMatch(/HTTP|docker/i);
    }
  });
});
