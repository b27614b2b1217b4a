import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Endpoint } from '../../../src/engine/endpoint.ts';
import { type ByteStream, openStream, type StreamRequest } from '../../../src/engine/http-stream.ts';
import { LoginPlaces } from '../../../src/engine/ssh/login-places.ts';
import { createTransport } from '../../../src/engine/transport.ts';
import { CERTIFICATE, PRIVATE_KEY } from './endpoint-pem.ts';

const REQUEST: StreamRequest = { method: 'POST', path: '/exec/1/start', body: '{}', mode: 'upgrade' };
const HEAD = 'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n';

let folder: string;
let server: net.Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stream-'));
});

afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true });
});

/** An engine that answers each connection as told; the request has been read by then. */
function engine(answer: (socket: net.Socket, request: string) => void): Promise<Endpoint> {
  const path = join(folder, 'engine.sock');
  server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', (request) => answer(socket, request.toString()));
    socket.on('error', () => undefined);
  });
  return new Promise((resolve) => {
    server?.listen(path, () => resolve({ kind: 'unix', path, description: path, source: 'DOCKER_HOST' }));
  });
}

interface Collected {
  readonly stream: ByteStream;
  /** Everything up to the end of the stream. */
  readonly text: Promise<string>;
}

async function open(endpoint: Endpoint, request = REQUEST, signal = AbortSignal.timeout(5_000)): Promise<Collected> {
  const parts: Buffer[] = [];
  let settle: { resolve(text: string): void; reject(error: Error): void } | undefined;
  const text = new Promise<string>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const sink = {
    data: (bytes: Uint8Array) => parts.push(Buffer.from(bytes)) > 0,
    end: () => settle?.resolve(Buffer.concat(parts).toString()),
    error: (error: Error) => settle?.reject(error),
  };
  text.catch(() => undefined);
  return { stream: await openStream(createTransport(endpoint, new LoginPlaces()), request, sink, signal), text };
}

/** Writes one byte at a time, each as a packet of its own. */
function dribble(socket: net.Socket, text: string): void {
  socket.setNoDelay(true);
  const bytes = [...Buffer.from(text)];
  const next = (): void => {
    const byte = bytes.shift();
    if (byte === undefined) socket.end();
    else socket.write(Buffer.from([byte]), () => setImmediate(next));
  };
  next();
}

describe('openStream', () => {
  it('hands on the body that follows the head in the same read', async () => {
    const { text } = await open(await engine((socket) => socket.end(`${HEAD}body`)));
    expect(await text).toBe('body');
  });

  it('finds the end of a head that comes one byte at a time', async () => {
    const { text } = await open(await engine((socket) => dribble(socket, `${HEAD}\r\n\r\nbody`)));
    expect(await text).toBe('\r\n\r\nbody');
  });

  it('asks for an upgrade, or for HTTP/1.0 without one', async () => {
    const heads: string[] = [];
    const endpoint = await engine((socket, request) => {
      heads.push(request);
      socket.end(HEAD);
    });
    await (await open(endpoint)).text;
    await (await open(endpoint, { method: 'GET', path: '/logs', body: '', mode: 'http1.0' })).text;
    expect(heads[0]).toMatch(
      /^POST \/exec\/1\/start HTTP\/1\.1\r\n[\s\S]*Upgrade: tcp\r\n[\s\S]*Content-Length: 2\r\n\r\n\{\}$/,
    );
    expect(heads[1]).toMatch(/^GET \/logs HTTP\/1\.0\r\n(?![\s\S]*Upgrade)/);
  });

  it('rejects with the status and the sentence of a refusal, also where the connection stays open', async () => {
    const body = JSON.stringify({ message: 'No such "exec": \u00e9' });
    const head = `HTTP/1.1 404 Not Found\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    const endpoint = await engine((socket) => socket.write(head + body));
    await expect(open(endpoint)).rejects.toMatchObject({ statusCode: 404, message: 'No such "exec": \u00e9' });
  });

  it('rejects when the engine goes before it answers, and when it answers nonsense', async () => {
    await expect(open(await engine((socket) => socket.end('HTTP/1.1 1')))).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    server?.close();
    rmSync(join(folder, 'engine.sock'), { force: true });
    await expect(open(await engine((socket) => socket.end('hello\r\n\r\n')))).rejects.toThrow('Not an HTTP answer');
  });

  it('rejects with the reason of the signal while the engine is silent', async () => {
    const endpoint = await engine(() => undefined);
    const reason = new Error('deadline');
    const controller = new AbortController();
    const opening = open(endpoint, REQUEST, controller.signal);
    controller.abort(reason);
    await expect(opening).rejects.toBe(reason);
  });

  it('rejects where nobody listens', async () => {
    const path = join(folder, 'nobody.sock');
    const endpoint = { kind: 'unix', path, description: path, source: 'DOCKER_HOST' } as const;
    await expect(open(endpoint)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('ends our input without ending theirs', async () => {
    const endpoint = await engine((socket) => {
      socket.write(HEAD);
      let input = '';
      socket.on('data', (bytes) => {
        input += bytes.toString();
      });
      socket.on('end', () => socket.end(`got ${input}`));
    });
    const { stream, text } = await open(endpoint);
    stream.write(Buffer.from('typed'));
    stream.endInput();
    expect(await text).toBe('got typed');
  });
});

describe('openStream over TLS', () => {
  it('keeps every byte in order where each read asks for a pause', async () => {
    const body = Buffer.from(Array.from({ length: 200_000 }, (_, line) => `${line}\n`).join(''));
    const tlsServer = tls.createServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (socket) => {
      socket.once('data', () => socket.end(Buffer.concat([Buffer.from(HEAD), body])));
    });
    server = tlsServer;
    await new Promise<void>((resolve) => tlsServer.listen(0, '127.0.0.1', resolve));
    const address = z.object({ port: z.int() }).parse(tlsServer.address());
    const endpoint: Endpoint = {
      kind: 'tcp',
      host: '127.0.0.1',
      port: address.port,
      tls: { rejectUnauthorized: false },
      description: 'tls',
      source: 'DOCKER_HOST',
    };
    expect(await readPausing(endpoint)).toBe(createHash('sha256').update(body).digest('hex'));
  });
});

/** Takes each read only after it asked for a pause, as a client that is slow to read makes the server do; the hash of all. */
function readPausing(endpoint: Endpoint): Promise<string> {
  const hash = createHash('sha256');
  return new Promise((resolve, reject) => {
    let stream: ByteStream | undefined;
    const waiting: Uint8Array[] = [];
    const take = (): void => {
      for (const view of waiting.splice(0)) hash.update(view);
      stream?.resume();
    };
    const data = (bytes: Uint8Array): boolean => {
      waiting.push(bytes);
      if (waiting.length === 1) setImmediate(take);
      return false;
    };
    const end = (): void => {
      take();
      resolve(hash.digest('hex'));
    };
    openStream(
      createTransport(endpoint, new LoginPlaces()),
      REQUEST,
      { data, end, error: reject },
      AbortSignal.timeout(5_000),
    ).then((opened) => {
      stream = opened;
      opened.resume();
    }, reject);
  });
}
