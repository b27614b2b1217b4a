import { ConfigError, type ConfigFault } from './fault.ts';
import { type ConfigSource, type Environment, loadConfig } from './load.ts';
import type { Config, ConfigKey } from './schema.ts';

/** Everything the environment decides. */
export interface Settings<Endpoint> {
  readonly config: Config;
  readonly sourceOf: (key: ConfigKey) => ConfigSource;
  readonly endpoint: Endpoint;
}

/**
 * The configuration and the engine's endpoint, which `resolve` finds by it. Throws a ConfigError with every fault of both;
 * the endpoint is looked for with what could be read.
 */
export function loadSettings<Endpoint>(
  environment: Environment,
  resolve: (config: Config) => Endpoint,
): Settings<Endpoint> {
  const loaded = loadConfig(environment);
  const found = tryResolve(() => resolve(loaded.ok ? loaded.config : loaded.readable));
  if (!loaded.ok) throw new ConfigError([...loaded.faults, ...('faults' in found ? found.faults : [])]);
  if ('faults' in found) throw new ConfigError(found.faults);
  return { config: loaded.config, sourceOf: loaded.sourceOf, endpoint: found.endpoint };
}

function tryResolve<Endpoint>(
  resolve: () => Endpoint,
): { readonly endpoint: Endpoint } | { readonly faults: readonly ConfigFault[] } {
  try {
    return { endpoint: resolve() };
  } catch (error) {
    if (error instanceof ConfigError) return { faults: error.faults };
    throw error;
  }
}
