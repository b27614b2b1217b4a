import type { TestProject } from 'vitest/node';
import { type Engine, type EngineAccess, startEngine } from './engine.ts';
import type { Release } from './releases.ts';

declare module 'vitest' {
  interface ProvidedContext {
    engine: EngineAccess;
  }
}

/** An engine that several projects use. */
interface Shared {
  readonly engine: Promise<Engine>;
  users: number;
}

declare global {
  /** By release; vitest loads a set-up file once for every project that names it. */
  var sharedTestEngines: Map<Release | undefined, Shared> | undefined;
}

/** Provides a project with the engine it shares with others; returns what ends its use. */
export async function shareEngine(project: TestProject, release?: Release): Promise<() => Promise<void>> {
  globalThis.sharedTestEngines ??= new Map();
  const engines = globalThis.sharedTestEngines;
  const shared = engines.get(release) ?? { engine: startEngine(release), users: 0 };
  engines.set(release, shared);
  shared.users += 1;
  const { dockerHost, images } = await shared.engine;
  project.provide('engine', { dockerHost, images });
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    engines.delete(release);
    await (await shared.engine).stop();
  };
}
