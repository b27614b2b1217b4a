import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/config/fault.ts';
import { parseAddress } from '../../../src/engine/address.ts';
import { resolveEndpoint } from '../../../src/engine/endpoint.ts';

const GOOD: readonly (readonly [string, object])[] = [
  ['unix:///run/docker.sock', { kind: 'unix', path: '/run/docker.sock' }],
  ['unix://', { kind: 'unix', path: '/var/run/docker.sock' }],
  ['unix://run/own.sock', { kind: 'unix', path: 'run/own.sock' }],
  ['unix:///with space/d.sock', { kind: 'unix', path: '/with space/d.sock' }],
  ['npipe:////./pipe/docker_engine', { kind: 'npipe', path: '//./pipe/docker_engine' }],
  ['npipe://', { kind: 'npipe', path: '//./pipe/docker_engine' }],
  ['tcp://host', { kind: 'tcp', host: 'host', secure: false }],
  ['tcp://host:80', { kind: 'tcp', host: 'host', port: 80, secure: false }],
  ['tcp://host:2375/', { kind: 'tcp', host: 'host', port: 2375, secure: false }],
  ['tcp://:2375', { kind: 'tcp', host: 'localhost', port: 2375, secure: false }],
  ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375, secure: false }],
  ['tcp://[fe80::1%eth0]', { kind: 'tcp', host: 'fe80::1%eth0', secure: false }],
  ['host:2375', { kind: 'tcp', host: 'host', port: 2375, secure: false }],
  ['  tcp://host:1 ', { kind: 'tcp', host: 'host', port: 1, secure: false }],
  ['http://host:1', { kind: 'tcp', host: 'host', port: 1, secure: false }],
  ['https://host', { kind: 'tcp', host: 'host', secure: true }],
  ['ssh://host', { kind: 'ssh', host: 'host' }],
  ['ssh://me@host:2222', { kind: 'ssh', host: 'host', user: 'me', port: 2222 }],
  ['ssh://host/', { kind: 'ssh', host: 'host' }],
  ['ssh://me@host/run/d.sock', { kind: 'ssh', host: 'host', user: 'me', path: '/run/d.sock' }],
  ['ssh://[::1]:22', { kind: 'ssh', host: '::1', port: 22 }],
];

const BAD = [
  ...['foo://x', 'fd://', '://x', 'tcp://host:0', 'tcp://host:65536', 'tcp://host:port', 'tcp://host:999999'],
  ...['tcp://host:1:2', 'tcp://ho st', 'tcp://host/base', 'tcp://host?x', 'tcp://host#x', 'tcp://user@host:1'],
  ...['tcp://-x', 'tcp://::1:2375', 'ssh://', 'ssh://:22', 'ssh://me:secret@host', 'ssh://-oProxyCommand=x/y'],
  ...[
    'ssh://-l@host',
    'ssh://@host',
    'ssh://host/a;b',
    'ssh://host/$(x)',
    'ssh://host/a b',
    'ssh://ho$st',
    'tcp://a\nb',
  ],
  `unix:///${'x'.repeat(107)}`,
];

describe('an address', () => {
  it.each(GOOD)('%j is read', (text, address) => {
    expect(parseAddress(text, 'DOCKER_HOST')).toEqual(address);
  });

  it.each(BAD)('%j is refused in one line that names where it stands', (text) => {
    expect(() => parseAddress(text, 'DOCKER_HOST')).toThrow(ConfigError);
    expect(() => parseAddress(text, 'DOCKER_HOST')).toThrow(/^DOCKER_HOST: expected unix:\/\/PATH.*, got "[^\n]*$/);
  });

  it.each([
    'tcp://me:hunter2@host',
    'me:hunter2@host',
    'ssh://me:hunter2@host',
    'tcp://me:hunter2/x@y@host',
    'x://a:hunter2@h',
  ])('a password in %s is never shown', (text) => {
    expect(() => parseAddress(text, 'DOCKER_HOST')).toThrow(/^(?!.*hunter2)/);
    expect(() => parseAddress(text, 'DOCKER_HOST')).not.toThrow(/hunter2/);
  });
});

describe('a description', () => {
  it.each([
    ['unix:///run/d.sock', 'unix:///run/d.sock'],
    ['npipe:////./pipe/x', 'npipe:////./pipe/x'],
    ['tcp://[::1]', 'tcp://[::1]:2375'],
    ['https://host', 'tcp://host:2376 (TLS)'],
    ['ssh://me@host:2222/run/d.sock', 'ssh://me@host:2222/run/d.sock'],
    ['ssh://host', 'ssh://host'],
  ])('of %s is %s', (dockerHost, description) => {
    const endpoint = resolveEndpoint({
      dockerHost,
      dockerContext: undefined,
      dockerTlsVerify: false,
      dockerCertPath: undefined,
      dockerConfig: '/nowhere',
    });
    expect(endpoint.description).toBe(description);
  });
});
