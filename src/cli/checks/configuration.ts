import { type ConfigFault, faultLine } from '../../config/fault.ts';
import { CONFIG_KEYS, type ConfigKey } from '../../config/schema.ts';
import type { Check } from './check.ts';

export function checkFaults(faults: readonly ConfigFault[]): Check[] {
  return faults.map((fault) => ({
    name: 'configuration',
    status: 'fail',
    detail: faultLine(fault),
    mend: `Correct or remove ${fault.name}, where your MCP client sets the server's environment or in your shell.`,
  }));
}

export function checkSources(sourceOf: (key: ConfigKey) => string): Check {
  const set = CONFIG_KEYS.filter((key) => sourceOf(key) === 'environment').length;
  return {
    name: 'configuration',
    status: 'ok',
    detail: set === 0 ? 'valid, all defaults' : `valid, ${set} set by the environment (see mcp-docker-exec config)`,
  };
}
