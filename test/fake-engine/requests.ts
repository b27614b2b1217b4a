/** One request as far as the fake engine looks at it. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The JSON body; undefined where there is none. */
  readonly body: unknown;
}

const HEAD_END = '\r\n\r\n';

/** Puts the requests of one connection together, however their bytes arrive; they come one after the other. */
export class RequestReader {
  #bytes: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
  }

  /** The next request, if it is complete. */
  next(): Request | undefined {
    const bodyAt = this.#bytes.indexOf(HEAD_END) + HEAD_END.length;
    if (bodyAt < HEAD_END.length) return undefined;
    const head = this.#bytes.toString('latin1', 0, bodyAt);
    const end = bodyAt + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#bytes.length < end) return undefined;
    const body = this.#bytes.toString('utf8', bodyAt, end);
    this.#bytes = this.#bytes.subarray(end);
    return requestOf(head, body);
  }
}

function requestOf(head: string, body: string): Request {
  const [, method = '', target = '/'] = /^(\S+) (\S+)/.exec(head) ?? [];
  const { pathname, searchParams } = new URL(target, 'http://docker');
  return {
    method,
    path: pathname.replace(/^\/v\d+\.\d+\//, '/'),
    query: searchParams,
    body: body === '' ? undefined : JSON.parse(body),
  };
}
