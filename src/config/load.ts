import type { z } from 'zod';
import { COMBINATIONS } from './combinations.ts';
import type { ConfigFault } from './fault.ts';
import { CONFIG_KEYS, type Config, type ConfigKey, configSchema, factsOf } from './schema.ts';
import { unknownNames } from './unknown-names.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a value came from. */
export type ConfigSource = 'environment' | 'default';

export type LoadedConfig =
  | { readonly ok: true; readonly config: Config; readonly sourceOf: (key: ConfigKey) => ConfigSource }
  /** `readable` has what could be read, and defaults in the place of the rest. */
  | { readonly ok: false; readonly faults: readonly ConfigFault[]; readonly readable: Config };

/** The texts that count as given, by key. */
type Given = ReadonlyMap<ConfigKey, string>;

/** The one place that reads the process's environment. */
export function readEnvironment(): Environment {
  return { ...process.env };
}

/**
 * Takes Docker's variables out of the process's environment once they are read: a library that reads them by rules of its
 * own (docker-modem does, at every client) would otherwise go to another engine, or fail on one it cannot parse.
 */
export function takeDockerEnvironment(): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('DOCKER_')) delete process.env[name];
  }
}

function givenIn(environment: Environment): Given {
  const given = new Map<ConfigKey, string>();
  for (const key of CONFIG_KEYS) {
    const { name, emptyIsUnset } = factsOf(key);
    const text = environment[name];
    if (text !== undefined && !(text === '' && emptyIsUnset)) given.set(key, text);
  }
  return given;
}

function valueFault(key: ConfigKey, text: string, issue: z.core.$ZodIssue): ConfigFault {
  const { name, expected, mask } = factsOf(key);
  // Only our own checks have words an operator can use; the rest is said by `expected`.
  const detail = issue.code === 'custom' ? { detail: issue.message } : {};
  return { name, expected, given: mask(text), ...detail };
}

/** One fault for every text that cannot be read. */
function valueFaults(given: Given): ReadonlyMap<ConfigKey, ConfigFault> {
  const faults = new Map<ConfigKey, ConfigFault>();
  for (const [key, text] of given) {
    const issue = configSchema.shape[key].safeParse(text).error?.issues[0];
    if (issue !== undefined) faults.set(key, valueFault(key, text, issue));
  }
  return faults;
}

function combinationFaults(config: Config, unread: ReadonlyMap<ConfigKey, ConfigFault>): ConfigFault[] {
  return COMBINATIONS.filter(({ keys }) => keys.every((key) => !unread.has(key)))
    .map(({ judge }) => judge(config))
    .filter((fault) => fault !== undefined);
}

/** The effective configuration of `environment`, or everything that is wrong with it at once. Reads nothing else. */
export function loadConfig(environment: Environment): LoadedConfig {
  const given = givenIn(environment);
  const unread = valueFaults(given);
  // What cannot be read stands at its default here, so that the rules over the others can still be judged.
  const config = configSchema.parse(Object.fromEntries([...given].filter(([key]) => !unread.has(key))));
  const names = CONFIG_KEYS.map((key) => factsOf(key).name);
  const faults = [...unread.values(), ...combinationFaults(config, unread), ...unknownNames(environment, names)];
  if (faults.length > 0) return { ok: false, faults, readable: config };
  return { ok: true, config: Object.freeze(config), sourceOf: (key) => (given.has(key) ? 'environment' : 'default') };
}
