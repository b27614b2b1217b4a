import { loadBinding, type NativeBinding, type UnreadBytes } from './binding.ts';
import type { CreateDemuxer } from './demuxer.ts';
import { FallbackDemuxer } from './fallback/demuxer.ts';
import { platformName } from './places.ts';

export interface DemuxerChoice {
  readonly create: CreateDemuxer;
  readonly kind: 'native' | 'javascript';
  /** Tells nothing without the native module. */
  readonly unreadBytes: UnreadBytes;
  /** Why it is not the native one. */
  readonly reason?: string;
}

/** What to do about a missing native module; a published package has no sources to build. */
const HOW_TO_BUILD = 'in a checkout, build it with `npm run build:native` (needs a C++17 compiler and CMake)';

const untold: UnreadBytes = () => undefined;

function fallback(reason: string): DemuxerChoice {
  return { create: (options) => new FallbackDemuxer(options), kind: 'javascript', unreadBytes: untold, reason };
}

function native({ Demuxer, unreadBytes = untold }: NativeBinding): DemuxerChoice {
  return { create: (options) => new Demuxer(options), kind: 'native', unreadBytes };
}

/**
 * The demuxer to use. `auto` takes the native one if it was built; a module that is there but broken is shown as the
 * `reason` then, and thrown with `require`.
 */
export function chooseDemuxer(mode: 'auto' | 'require' | 'off', load = loadBinding): DemuxerChoice {
  if (mode === 'off') return fallback('MCP_DOCKER_NATIVE is off');
  try {
    const binding = load();
    if (binding !== undefined) return native(binding);
  } catch (cause) {
    return unavailable(mode, `the native module cannot be loaded: ${String(cause)}`, cause);
  }
  return unavailable(mode, `there is no native module for ${platformName()}, packed or built`, undefined);
}

function unavailable(mode: 'auto' | 'require', problem: string, cause: unknown): DemuxerChoice {
  if (mode === 'auto') return fallback(`${problem}; ${HOW_TO_BUILD}`);
  throw new Error(`MCP_DOCKER_NATIVE is require, but ${problem}; ${HOW_TO_BUILD}`, { cause });
}
