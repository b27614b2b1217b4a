/** What the engine sends for one request, to the byte. */
export interface Answer {
  readonly bytes: Buffer;
  /** Where the body begins. */
  readonly bodyAt: number;
  /** `keep`: the connection takes another request; `end`: the engine closes it; `open`: it stays until the run is killed. */
  readonly after: 'keep' | 'end' | 'open';
}

type Headers = Readonly<Record<string, string>>;

/** An answer of any head and body. */
export function answer(
  after: Answer['after'],
  statusLine: string,
  headers: Headers,
  body: string | Uint8Array,
): Answer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${statusLine}\r\n${lines.join('')}\r\n`, 'latin1');
  return { bytes: Buffer.concat([head, Buffer.from(body)]), bodyAt: head.length, after };
}

/** As the engine answers control calls: with its length, on a connection that is kept. */
export function sized(status: number, body: string | Uint8Array, headers: Headers = {}): Answer {
  const length = { 'Content-Length': String(Buffer.byteLength(body)) };
  return answer('keep', `HTTP/1.1 ${status} Fake`, { ...headers, ...length }, body);
}

export function json(status: number, value: unknown, headers: Headers = {}): Answer {
  return sized(status, JSON.stringify(value), { 'Content-Type': 'application/json', ...headers });
}

/** The same in chunks of `size` bytes. */
export function chunked(status: number, body: string | Uint8Array, size: number): Answer {
  const whole = Buffer.from(body);
  const parts: Buffer[] = [];
  for (let at = 0; at < whole.length; at += size) {
    const part = whole.subarray(at, at + size);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  const all = Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
  return answer('keep', `HTTP/1.1 ${status} Fake`, { 'Transfer-Encoding': 'chunked' }, all);
}

/** The connection becomes the run's: what follows is its output. */
export function hijacked(after: 'end' | 'open', output: Uint8Array, statusLine = 'HTTP/1.1 101 UPGRADED'): Answer {
  return answer(after, statusLine, { Connection: 'Upgrade', Upgrade: 'tcp' }, output);
}

/** As to a request of HTTP/1.0: no length, the body ends with the connection. */
export function untilClosed(after: 'end' | 'open', body: Uint8Array): Answer {
  return answer(after, 'HTTP/1.0 200 OK', { 'Content-Type': 'application/octet-stream' }, body);
}
