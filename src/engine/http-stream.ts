import type { Duplex } from 'node:stream';
import { readsIntoBuffer } from './dial.ts';
import type { Dialer } from './dialer.ts';
import { Answer, type StreamSink } from './http-answer.ts';

/** One read takes up to this much: what a unix socket's receive buffer gives at a time. */
const READ_BYTES = 262_144;

export interface StreamRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON body, '' for none. */
  readonly body: string;
  /** `upgrade` hijacks the connection (exec); `http1.0` makes the engine send the body unchunked until it closes (logs). */
  readonly mode: 'upgrade' | 'http1.0';
}

/** An open byte stream. Its bytes go to the sink given to `openStream`. */
export interface ByteStream {
  resume(): void;
  write(bytes: Uint8Array): void;
  /** Half-closes: the engine sees the end of our input. */
  endInput(): void;
  destroy(): void;
}

function requestText(request: StreamRequest): string {
  const version = request.mode === 'upgrade' ? '1.1' : '1.0';
  const upgrade = request.mode === 'upgrade' ? 'Connection: Upgrade\r\nUpgrade: tcp\r\n' : '';
  const type = request.body === '' ? '' : 'Content-Type: application/json\r\n';
  const length = `Content-Length: ${Buffer.byteLength(request.body)}\r\n`;
  return `${request.method} ${request.path} HTTP/${version}\r\nHost: docker\r\n${upgrade}${type}${length}\r\n${request.body}`;
}

/** Hands reads to the answer: by the shared read buffer where the transport has one, else by 'data' events. */
function connect(dialer: Dialer, take: (bytes: Uint8Array) => boolean): Duplex {
  const socket = dialer.dial({
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    callback: (bytes, buffer) => take(buffer.subarray(0, bytes)),
  });
  if (!readsIntoBuffer(dialer.endpoint)) {
    socket.on('data', (bytes: Buffer) => {
      if (!take(bytes)) socket.pause();
    });
  }
  return socket;
}

/**
 * Sends one request on a connection of its own and hands the answer's body to `sink` as it arrives. Resolves when the
 * engine accepted (101 or 200). Rejects with EngineAnswerError on another status, with the socket's error otherwise, with
 * the signal's reason when that aborts first (the connection is closed then).
 */
export function openStream(
  dialer: Dialer,
  request: StreamRequest,
  sink: StreamSink,
  signal: AbortSignal,
): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      reject(error);
    };
    const abort = (): void => refuse(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    const accept = (): void => {
      signal.removeEventListener('abort', abort);
      resolve(streamOf(socket));
    };
    const answer = new Answer(sink, accept, refuse);
    const socket = connect(dialer, (bytes) => guarded(() => answer.take(bytes), refuse));
    socket.once('end', () => answer.end());
    socket.once('error', (error: Error) => answer.fail(error));
    socket.write(requestText(request));
    signal.addEventListener('abort', abort, { once: true });
  });
}

function streamOf(socket: Duplex): ByteStream {
  return {
    resume: () => void socket.resume(),
    write: (bytes) => void socket.write(bytes),
    endInput: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}

function guarded(take: () => boolean, refuse: (error: Error) => void): boolean {
  try {
    return take();
  } catch (error) {
    refuse(error instanceof Error ? error : new Error(String(error)));
    return true;
  }
}
