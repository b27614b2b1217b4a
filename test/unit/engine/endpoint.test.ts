import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/config/fault.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { Config } from '../../../src/config/schema.ts';
import { type Endpoint, resolveEndpoint } from '../../../src/engine/endpoint.ts';
import { CERTIFICATE, PRIVATE_KEY } from './endpoint-pem.ts';
import { DockerDirectory } from './endpoint-store.ts';

let directory: DockerDirectory;

beforeEach(() => {
  directory = new DockerDirectory();
});

afterEach(() => directory.remove());

/** The configuration of an environment whose Docker directory is the temporary one. */
function configOf(environment: Record<string, string>): Config {
  const loaded = loadConfig({ DOCKER_CONFIG: directory.path, ...environment });
  if (!loaded.ok) throw new ConfigError(loaded.faults);
  return loaded.config;
}

function resolve(environment: Record<string, string> = {}, platform: NodeJS.Platform = 'linux'): Endpoint {
  return resolveEndpoint(configOf(environment), platform);
}

const SOCKET = { kind: 'unix', path: '/var/run/docker.sock', description: 'unix:///var/run/docker.sock' };

describe('which engine', () => {
  beforeEach(() => {
    directory.addContext('current', { host: 'tcp://current:1' });
    directory.addContext('named', { host: 'tcp://named:2' });
  });

  it('is the built-in socket where nothing is set', () => {
    expect(resolve()).toEqual({ ...SOCKET, source: 'default' });
  });

  it('is the built-in pipe on Windows', () => {
    expect(resolve({}, 'win32')).toMatchObject({ kind: 'npipe', path: '//./pipe/docker_engine', source: 'default' });
  });

  it('is the current context of the Docker configuration', () => {
    directory.use('current');
    expect(resolve()).toMatchObject({ host: 'current', port: 1, source: "docker config's currentContext" });
  });

  it('is DOCKER_CONTEXT rather than the current context', () => {
    directory.use('current');
    expect(resolve({ DOCKER_CONTEXT: 'named' })).toMatchObject({ host: 'named', source: 'DOCKER_CONTEXT' });
  });

  it('is DOCKER_HOST rather than either', () => {
    directory.use('current');
    const endpoint = resolve({ DOCKER_CONTEXT: 'named', DOCKER_HOST: 'tcp://own:3' });
    expect(endpoint).toMatchObject({ host: 'own', source: 'DOCKER_HOST' });
  });

  it('is not decided by empty variables', () => {
    directory.use('current');
    expect(resolve({ DOCKER_CONTEXT: '', DOCKER_HOST: '' })).toMatchObject({ host: 'current' });
  });

  it('is the built-in socket in the context "default", however it is chosen', () => {
    directory.use('current');
    expect(resolve({ DOCKER_CONTEXT: 'default' })).toEqual({ ...SOCKET, source: 'DOCKER_CONTEXT' });
    directory.use('default');
    expect(resolve()).toMatchObject(SOCKET);
  });

  it.each(['{}', '{"currentContext":""}'])('is the built-in socket where the configuration is %s', (text) => {
    directory.write('config.json', text);
    expect(resolve()).toMatchObject({ ...SOCKET, source: 'default' });
  });

  it('is the built-in socket in a context without an address', () => {
    directory.addContext('bare', {});
    expect(resolve({ DOCKER_CONTEXT: 'bare' })).toMatchObject(SOCKET);
  });
});

describe('what cannot be used stops the start', () => {
  it('an unknown DOCKER_CONTEXT', () => {
    expect(() => resolve({ DOCKER_CONTEXT: 'nope' })).toThrow(ConfigError);
    expect(() => resolve({ DOCKER_CONTEXT: 'nope' })).toThrow(/^DOCKER_CONTEXT: expected .*existing.*got "nope"/);
  });

  it('an unknown current context, named with its file', () => {
    directory.use('gone');
    expect(() => resolve()).toThrow(`currentContext in ${directory.path}/config.json: expected`);
  });

  it('a context name that would leave the store is only unknown', () => {
    expect(() => resolve({ DOCKER_CONTEXT: '../../etc' })).toThrow(/^DOCKER_CONTEXT: .*existing/);
  });

  it.each(['{', '[]', '{"currentContext":1}'])('a Docker configuration that reads %s', (text) => {
    const path = directory.write('config.json', text);
    expect(() => resolve()).toThrow(ConfigError);
    expect(() => resolve()).toThrow(path);
    expect(resolve({ DOCKER_HOST: 'tcp://own:3' })).toMatchObject({ host: 'own' });
  });

  it('a context with an address of no known kind, named', () => {
    directory.addContext('odd', { host: 'gopher://x' });
    expect(() => resolve({ DOCKER_CONTEXT: 'odd' })).toThrow(/^context "odd": expected .*got "gopher:\/\/x"/);
  });
});

describe('TLS from the environment', () => {
  const TLS = { DOCKER_TLS_VERIFY: '1' };

  function writeCertificates(files: readonly string[]): void {
    for (const file of files) directory.write(file, file === 'key.pem' ? PRIVATE_KEY : CERTIFICATE);
  }

  it('is off without DOCKER_TLS_VERIFY, even with DOCKER_CERT_PATH', () => {
    const endpoint = resolve({ DOCKER_HOST: 'tcp://h', DOCKER_CERT_PATH: directory.path });
    expect(endpoint).toEqual({
      kind: 'tcp',
      host: 'h',
      port: 2375,
      description: 'tcp://h:2375',
      source: 'DOCKER_HOST',
    });
  });

  it('reads the certificates and uses the TLS port', () => {
    writeCertificates(['ca.pem', 'cert.pem', 'key.pem']);
    const endpoint = resolve({ ...TLS, DOCKER_HOST: 'tcp://h' });
    const tls = { ca: CERTIFICATE, cert: CERTIFICATE, key: PRIVATE_KEY, rejectUnauthorized: true };
    expect(endpoint).toMatchObject({ port: 2376, tls, description: 'tcp://h:2376 (TLS)' });
  });

  it('takes DOCKER_CERT_PATH over the Docker directory', () => {
    const certificates = new DockerDirectory();
    certificates.write('ca.pem', CERTIFICATE);
    const endpoint = resolve({ ...TLS, DOCKER_HOST: 'tcp://h:9', DOCKER_CERT_PATH: certificates.path });
    certificates.remove();
    expect(endpoint).toMatchObject({ port: 9, tls: { ca: CERTIFICATE, rejectUnauthorized: true } });
  });

  it('needs no client certificate', () => {
    writeCertificates(['ca.pem']);
    expect(resolve({ ...TLS, DOCKER_HOST: 'tcp://h' })).toHaveProperty('tls', {
      ca: CERTIFICATE,
      rejectUnauthorized: true,
    });
  });

  it('without an address means TLS to this machine', () => {
    writeCertificates(['ca.pem']);
    expect(resolve(TLS)).toMatchObject({ kind: 'tcp', host: 'localhost', port: 2376, source: 'default' });
  });

  it('any text means yes, "0" too', () => {
    writeCertificates(['ca.pem']);
    expect(resolve({ DOCKER_TLS_VERIFY: '0', DOCKER_HOST: 'tcp://h' })).toHaveProperty('tls');
  });

  it('is of no concern to a socket', () => {
    expect(resolve({ ...TLS, DOCKER_HOST: 'unix:///x.sock' })).toMatchObject({ kind: 'unix', path: '/x.sock' });
  });

  it('without ca.pem is an error that names the file', () => {
    expect(() => resolve({ ...TLS, DOCKER_HOST: 'tcp://h' })).toThrow(`${directory.path}/ca.pem`);
  });

  it.each(['ca.pem', 'cert.pem', 'key.pem'])('with a %s that is none is an error that names the file', (broken) => {
    writeCertificates(['ca.pem', 'cert.pem', 'key.pem']);
    const path = directory.write(broken, 'nonsense');
    expect(() => resolve({ ...TLS, DOCKER_HOST: 'tcp://h' })).toThrow(path);
    expect(() => resolve({ ...TLS, DOCKER_HOST: 'tcp://h' })).toThrow(ConfigError);
  });

  it.each([
    ['cert.pem', 'key.pem'],
    ['key.pem', 'cert.pem'],
  ])('with %s alone is an error that names %s', (present, missing) => {
    writeCertificates(['ca.pem', present]);
    expect(() => resolve({ ...TLS, DOCKER_HOST: 'tcp://h' })).toThrow(`${directory.path}/${missing} is missing`);
  });
});

describe('TLS from a context', () => {
  const PEM = { 'ca.pem': CERTIFICATE, 'cert.pem': CERTIFICATE, 'key.pem': PRIVATE_KEY };

  it('reads its own certificates, whatever the environment says', () => {
    directory.addContext('secure', { host: 'tcp://h:1', pem: PEM });
    const endpoint = resolve({ DOCKER_CONTEXT: 'secure', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' });
    const tls = { ca: CERTIFICATE, cert: CERTIFICATE, key: PRIVATE_KEY, rejectUnauthorized: true };
    expect(endpoint).toMatchObject({ host: 'h', tls, description: 'tcp://h:1 (TLS)' });
  });

  it('does not verify where the context says so', () => {
    directory.addContext('lax', { host: 'tcp://h:1', skipTlsVerify: true });
    expect(resolve({ DOCKER_CONTEXT: 'lax' })).toHaveProperty('tls', { rejectUnauthorized: false });
  });

  it('is off without certificates', () => {
    directory.addContext('plain', { host: 'tcp://h:1' });
    expect(resolve({ DOCKER_CONTEXT: 'plain', DOCKER_TLS_VERIFY: '1' })).not.toHaveProperty('tls');
  });

  it('with a broken certificate is an error that names it', () => {
    directory.addContext('broken', { host: 'tcp://h:1', pem: { ...PEM, 'cert.pem': 'x' } });
    expect(() => resolve({ DOCKER_CONTEXT: 'broken' })).toThrow(/^context "broken": .*cert\.pem/);
  });
});

describe('an endpoint', () => {
  it('can be posted to a worker', () => {
    directory.write('ca.pem', CERTIFICATE);
    const endpoint = resolve({ DOCKER_TLS_VERIFY: '1', DOCKER_HOST: 'tcp://h' });
    expect(structuredClone(endpoint)).toEqual(endpoint);
  });
});
