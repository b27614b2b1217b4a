import type { EngineClient } from '../engine/client.ts';
import type { CreateDemuxer } from '../frames/demuxer.ts';
import type { PostOutput } from './delivery.ts';
import type { Ending } from './ending.ts';

/** What a run needs of its worker. */
export interface RunContext {
  readonly engine: EngineClient;
  readonly createDemuxer: CreateDemuxer;
  readonly ending: Ending;
  readonly post: PostOutput;
  /** Where buffers that come back are to go. */
  onCredit(listener: (buffer: ArrayBuffer) => void): void;
}
