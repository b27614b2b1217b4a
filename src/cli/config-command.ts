import { ConfigError, type ConfigFault, faultLine } from '../config/fault.ts';
import { CONFIG_KEYS, type Config, type ConfigKey, factsOf } from '../config/schema.ts';
import { loadSettings } from '../config/settings.ts';
import type { Endpoint } from '../engine/endpoint.ts';
import type { Surroundings } from './surroundings.ts';

interface Entry {
  readonly name: string;
  readonly value: unknown;
  readonly source: string;
}

/** The effective configuration, ready to be shown: without secrets. */
interface Effective {
  readonly endpoint: Endpoint;
  readonly variables: readonly Entry[];
}

function shownValue(config: Config, key: ConfigKey): unknown {
  const value = config[key];
  return typeof value === 'string' ? factsOf(key).mask(value) : (value ?? null);
}

/** Throws a ConfigError where the server would not start. */
function effective({ environment, resolveEndpoint }: Surroundings): Effective {
  const { config, sourceOf, endpoint } = loadSettings(environment, resolveEndpoint);
  const entry = (key: ConfigKey): Entry => ({
    name: factsOf(key).name,
    value: shownValue(config, key),
    source: sourceOf(key),
  });
  return { endpoint, variables: CONFIG_KEYS.map(entry) };
}

function cellText(value: unknown): string {
  if (value === null) return '(unset)';
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return '(empty)';
  return value.some((entry) => String(entry).includes(',')) ? JSON.stringify(value) : value.join(',');
}

/** Columns as wide as their widest cell, but a very long value does not push every source out of sight. */
function tableText(rows: readonly (readonly [string, string, string])[]): string {
  const width = (column: 0 | 1) => Math.min(48, Math.max(...rows.map((row) => row[column].length)));
  const [nameWidth, valueWidth] = [width(0), width(1)];
  const lines = rows.map(
    ([name, value, source]) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${source}`,
  );
  return `${lines.join('\n')}\n`;
}

function asTable({ endpoint, variables }: Effective): string {
  return tableText([
    ['VARIABLE', 'VALUE', 'SOURCE'],
    ...variables.map(({ name, value, source }) => [name, cellText(value), source] as const),
    ['(engine)', endpoint.description, endpoint.source],
  ]);
}

function asJson({ endpoint: { description, source }, variables }: Effective): string {
  const byName = Object.fromEntries(variables.map(({ name, value, source }) => [name, { value, source }]));
  return `${JSON.stringify({ endpoint: { description, source }, variables: byName }, null, 2)}\n`;
}

function faultsText(faults: readonly ConfigFault[], json: boolean): string {
  return json ? `${JSON.stringify({ faults }, null, 2)}\n` : `${faults.map(faultLine).join('\n')}\n`;
}

/**
 * `config`: prints the effective configuration with the source of each value, or what is wrong with it.
 * Returns the exit code: 2 where the server would not start, as the server itself.
 */
export function printConfig(surroundings: Surroundings, json: boolean): number {
  try {
    const found = effective(surroundings);
    surroundings.write(json ? asJson(found) : asTable(found));
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    surroundings.write(faultsText(thrown.faults, json));
    return 2;
  }
}
