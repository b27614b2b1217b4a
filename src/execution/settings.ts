import type { Config } from '../config/schema.ts';
import type { Endpoint } from '../engine/endpoint.ts';

/** What a worker is told as it starts; it reads no environment. */
export interface WorkerSettings {
  readonly endpoint: Endpoint;
  readonly native: Config['native'];
  /** `LoginPlaces`' memory. */
  readonly logins: SharedArrayBuffer;
}
