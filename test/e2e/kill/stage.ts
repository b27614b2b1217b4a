import type { TestContainer } from '../../engine/containers.ts';
import type { UsedEngine } from '../../engine/use.ts';
import { type AuditFile, type AuditRecord, openAuditFile } from '../audit-file.ts';
import { RawClient } from '../raw-client.ts';
import { untilSeen } from '../witness.ts';
import type { Surroundings } from './shapes.ts';

const GRACE_MS = 300;

/** A server with an audit of its own. */
export interface Server {
  readonly client: RawClient;
  readonly audit: Pick<AuditFile, 'records'>;
  close(): Promise<void>;
}

export async function openServer(dockerHost: string): Promise<Server> {
  const audit = openAuditFile();
  const env = { DOCKER_HOST: dockerHost, MCP_DOCKER_KILL_GRACE_MS: String(GRACE_MS), ...audit.env };
  const client = new RawClient(env);
  await client.initialize();
  const close = async (): Promise<void> => {
    await client.close();
    audit.remove();
  };
  return { client, audit, close };
}

/** The end of the run that has `word` as an argument, once the audit has it. */
export async function endOf({ audit }: Server, word: string): Promise<AuditRecord> {
  const isEnd = (record: AuditRecord) => record.event === 'finished' && JSON.stringify(record['argv']).includes(word);
  const found = await untilSeen(
    async () => audit.records().find(isEnd),
    (record) => record !== undefined,
  );
  if (found === undefined) throw new Error('There is no such end.');
  return found;
}

/** The containers that shapes run in: shared, but for those of one run only. */
export class Boxes {
  readonly #engine: UsedEngine;
  readonly #shared = new Map<Surroundings, Promise<TestContainer>>();

  constructor(engine: UsedEngine) {
    this.#engine = engine;
  }

  for(surroundings: Surroundings): Promise<TestContainer> {
    if (surroundings === 'paused' || surroundings === 'alone') return this.#engine.run();
    const box = this.#shared.get(surroundings) ?? this.#start(surroundings);
    this.#shared.set(surroundings, box);
    return box;
  }

  /** Those that more than one run was in. */
  async shared(): Promise<TestContainer[]> {
    return Promise.all(this.#shared.values());
  }

  #start(surroundings: Surroundings): Promise<TestContainer> {
    if (surroundings === 'no shell') return this.#engine.run({ image: 'scratch' });
    return this.#engine.run(surroundings === 'plain' ? {} : { flags: ['--cap-drop=ALL'] });
  }
}
