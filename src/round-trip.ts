import type { RoundTrip } from './cli/surroundings.ts';
import type { Config } from './config/schema.ts';
import { createEngineClient, type EngineClient } from './engine/client.ts';
import { assertRunning } from './engine/containers.ts';
import type { Endpoint } from './engine/endpoint.ts';
import { createContainerLookup } from './engine/lookup.ts';
import { firstLineOf } from './execution/side-command.ts';
import { chooseDemuxer } from './frames/choose.ts';
import { resolveRunUser } from './tools/guard.ts';

const WORD = 'round-trip';
const DEADLINE_MS = 5_000;

async function runIn(engine: EngineClient, config: Config, name: string): Promise<RoundTrip> {
  const found = await createContainerLookup(engine)(name);
  assertRunning(found.container);
  const { spec } = await resolveRunUser(config, found, undefined);
  const cmd = ['/bin/sh', '-c', `echo ${WORD}`];
  const command = { containerId: found.container.id, user: spec, cmd, deadlineMs: DEADLINE_MS };
  const begun = performance.now();
  const line = await firstLineOf(engine, chooseDemuxer(config.native).create, command);
  const ms = Math.round(performance.now() - begun);
  return { container: found.container.name, user: spec, printed: line?.trim() === WORD, ms };
}

/** Runs a harmless command in a container, as the user a call would have. Throws AppError where a call would be refused. */
export async function roundTrip(endpoint: Endpoint, config: Config, container: string): Promise<RoundTrip> {
  const engine = createEngineClient(endpoint);
  return runIn(engine, config, container).finally(() => engine.close());
}
