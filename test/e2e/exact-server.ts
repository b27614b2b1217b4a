import { expect } from 'vitest';
import type { Channel } from './chunk-order.ts';
import { ExactChunks, type Samples } from './exact-chunks.ts';
import { type Progress, RawClient, type RawReply } from './raw-client.ts';
import type { ServerEnvironment } from './server-process.ts';

interface StreamedCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly chunkBytes: number;
  readonly encoding?: 'utf8' | 'base64';
}

/** A server whose streamed output is compared with what is expected as it comes, and never collected. One call at a time. */
export class ExactServer {
  readonly client: RawClient;
  #onProgress: (progress: Progress) => void = () => undefined;
  #calls = 0;

  private constructor(env: ServerEnvironment) {
    this.client = new RawClient(env, (progress) => this.#onProgress(progress));
  }

  static async start(env: ServerEnvironment): Promise<ExactServer> {
    const server = new ExactServer(env);
    await server.client.initialize();
    return server;
  }

  /** Calls a tool and returns its structured result, once every chunk was what it should be. */
  async stream(call: StreamedCall, samples: Samples): Promise<RawReply['structured']> {
    const token = this.#nextToken();
    const chunks = new ExactChunks({ ...call, samples, token });
    const structured = await this.#call(call, token, (progress) => chunks.take(progress));
    chunks.finish();
    return structured;
  }

  /** The same where what is expected is known only in the end: small output, since it is kept until then. */
  async streamAhead(call: StreamedCall, expected: () => Promise<Samples>): Promise<RawReply['structured']> {
    const token = this.#nextToken();
    const all: Progress[] = [];
    const structured = this.#call(call, token, (progress) => all.push(progress));
    const chunks = new ExactChunks({ ...call, samples: await expected(), token });
    await structured;
    for (const progress of all) chunks.take(progress);
    chunks.finish();
    return structured;
  }

  #nextToken(): string {
    this.#calls += 1;
    return `call-${this.#calls}`;
  }

  async #call(
    { tool, args, chunkBytes, encoding }: StreamedCall,
    token: string,
    onProgress: (progress: Progress) => void,
  ): Promise<RawReply['structured']> {
    this.#onProgress = onProgress;
    const more = encoding === undefined ? {} : { encoding };
    const reply = await this.client.call(tool, { ...args, stream: true, chunkBytes, ...more }, { token });
    expect(reply.structured).not.toHaveProperty('error');
    return reply.structured;
  }
}

interface Figures {
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly notices: readonly string[];
}

const CHANNELS: readonly Channel[] = ['stdout', 'stderr'];

/** Counts of raw bytes, and the notice about what is not UTF-8 exactly where there is such. */
export function expectFigures(result: Figures, samples: Samples): void {
  const bytes = { stdoutBytes: samples.stdout.raw.length, stderrBytes: samples.stderr.raw.length };
  expect(result).toMatchObject(bytes);
  const replaced = CHANNELS.reduce((sum, channel) => sum + samples[channel].replacements, 0);
  const notices = result.notices.filter((notice) => notice.includes('U+FFFD'));
  expect(notices).toEqual(replaced === 0 ? [] : [expect.stringContaining(`${replaced} times U+FFFD`)]);
}
