import type { TestProject } from 'vitest/node';
import { type Engine, type EngineAccess, startEngine } from './engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    engine: EngineAccess;
  }
}

/** Vitest loads this file once for every project that names it, but all of them share one engine. */
interface Shared {
  readonly engine: Promise<Engine>;
  users: number;
}

declare global {
  var sharedTestEngine: Shared | undefined;
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  globalThis.sharedTestEngine ??= { engine: startEngine(), users: 0 };
  const shared = globalThis.sharedTestEngine;
  shared.users += 1;
  const { dockerHost, images } = await shared.engine;
  project.provide('engine', { dockerHost, images });
  return () => release(shared);
}

async function release(shared: Shared): Promise<void> {
  shared.users -= 1;
  if (shared.users > 0) return;
  globalThis.sharedTestEngine = undefined;
  await (await shared.engine).stop();
}
