import { z } from 'zod';
import { type VariableFacts, variableFacts } from './variable.ts';
import { engineVariables } from './variables/engine.ts';
import { limitVariables } from './variables/limits.ts';
import { observeVariables } from './variables/observe.ts';
import { policyVariables } from './variables/policy.ts';

/** Every variable, defined once; types, faults, `--help`, `config` and the documentation all come from here. */
export const configSchema = z.object({
  ...engineVariables,
  ...limitVariables,
  ...policyVariables,
  ...observeVariables,
});

/** The effective configuration. */
export type Config = Readonly<z.output<typeof configSchema>>;
export type ConfigKey = keyof Config;

export const CONFIG_KEYS: readonly ConfigKey[] = configSchema.keyof().options;

/** What is said of the variable behind `key`. */
export function factsOf(key: ConfigKey): VariableFacts {
  const facts = variableFacts.get(configSchema.shape[key]);
  if (facts === undefined) throw new Error(`The variable of ${key} is not registered`);
  return facts;
}
