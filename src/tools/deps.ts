import type { Config } from '../config/schema.ts';
import type { EngineClient } from '../engine/client.ts';
import type { FindContainer } from '../engine/lookup.ts';
import type { TakeToken } from '../limits/rate-limits.ts';
import type { Publish } from '../observe/events.ts';
import type { Policy } from '../policy/policy.ts';
import type { Arrivals } from '../scheduler/arrivals.ts';
import type { Schedule } from '../scheduler/runs.ts';

/** What the tools that run something are made of. */
export interface RunDeps {
  readonly config: Config;
  readonly engine: EngineClient;
  readonly findContainer: FindContainer;
  readonly policy: Policy;
  readonly takeToken: TakeToken;
  readonly publish: Publish;
  /** One order for each kind of run. */
  readonly arrivals: Arrivals;
  readonly schedule: Schedule;
}
