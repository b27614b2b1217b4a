import { z } from 'zod';
import type { EngineClient } from './client.ts';

const versionAnswer = z.object({ Version: z.string(), ApiVersion: z.string(), Os: z.string(), Arch: z.string() });

export interface EngineVersion {
  readonly version: string;
  readonly apiVersion: string;
  readonly os: string;
  readonly arch: string;
}

/** Asks the engine who it is: the cheapest call that also proves that it answers. `deadlineMs` is the caller's patience. */
export function engineVersion(engine: EngineClient, deadlineMs: number): Promise<EngineVersion> {
  return engine.read({ operation: 'answer a version request', deadlineMs }, async (docker, abortSignal) => {
    // dockerode takes `abortSignal` here too, only its types do not say so.
    const answer: unknown = await Reflect.apply(docker.version, docker, [{ abortSignal }]);
    const { Version, ApiVersion, Os, Arch } = versionAnswer.parse(answer);
    return { version: Version, apiVersion: ApiVersion, os: Os, arch: Arch };
  });
}
