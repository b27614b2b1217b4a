import type { ContainerId } from '../protocol/ids.ts';
import { type AccountFiles, createAccountReader } from './accounts.ts';
import type { EngineClient } from './client.ts';
import { type Container, resolveContainer } from './containers.ts';

/** Names remembered, the least recently used go first. */
const REMEMBERED = 128;

/** A container as it stands now; its account files may be on their way already. */
export interface Found {
  readonly container: Container;
  accounts(): Promise<AccountFiles>;
}

/** Looks a container up by name or id. Throws as `resolveContainer` does. */
export type FindContainer = (name: string) => Promise<Found>;

/**
 * Every call asks the engine anew what the name stands for, so that nothing is decided on facts of yesterday; what the name
 * stood for the last time only says whose account files to ask for meanwhile. That makes one wait of two, and a cache of
 * facts kept true by the engine's events would save nothing more: no event tells of a changed /etc/passwd.
 */
export function createContainerLookup(engine: EngineClient): FindContainer {
  const readAccounts = createAccountReader(engine);
  const last = new Map<string, ContainerId>();

  function remember(name: string, id: ContainerId): void {
    last.delete(name);
    last.set(name, id);
    const [oldest] = last.keys();
    if (last.size > REMEMBERED && oldest !== undefined) last.delete(oldest);
  }

  function early(id: ContainerId | undefined): Promise<AccountFiles> | undefined {
    const reading = id === undefined ? undefined : readAccounts(id);
    // Whoever needs them hears of a failure; nobody may, when the name stands for another container now.
    reading?.catch(() => undefined);
    return reading;
  }

  return async (name) => {
    const guess = last.get(name);
    const reading = early(guess);
    const container = await resolveContainer(engine, name);
    remember(name, container.id);
    return {
      container,
      accounts: () => (reading !== undefined && container.id === guess ? reading : readAccounts(container.id)),
    };
  };
}
