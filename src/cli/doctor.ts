import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Endpoint } from '../engine/endpoint.ts';
import { checkAudit } from './checks/audit.ts';
import type { Check } from './checks/check.ts';
import { checkFaults, checkSources } from './checks/configuration.ts';
import { checkEndpoint, endpointFailure } from './checks/endpoint.ts';
import { checkEngine } from './checks/engine.ts';
import { checkNative } from './checks/native.ts';
import { checkNode } from './checks/node.ts';
import { checkRisks } from './checks/risks.ts';
import { checkRoundTrip } from './checks/round-trip.ts';
import { checkSocket } from './checks/socket.ts';
import type { Surroundings } from './surroundings.ts';

function endpointOf(surroundings: Surroundings, config: Config): Endpoint | Check {
  try {
    return surroundings.resolveEndpoint(config);
  } catch (thrown) {
    return endpointFailure(thrown);
  }
}

function endpointFailures(surroundings: Surroundings, config: Config): Check[] {
  const endpoint = endpointOf(surroundings, config);
  return 'status' in endpoint ? [endpoint] : [];
}

/** The engine is not asked where its endpoint is not known, and nothing is run where it does not answer. */
async function engineChecks(
  surroundings: Surroundings,
  config: Config,
  container: string | undefined,
): Promise<Check[]> {
  const endpoint = endpointOf(surroundings, config);
  if ('status' in endpoint) return [endpoint];
  const runtimeDirectory = surroundings.environment['XDG_RUNTIME_DIR'];
  const engine = await checkEngine(endpoint, () => surroundings.pingEngine(endpoint), runtimeDirectory);
  const socket = checkSocket(endpoint, runtimeDirectory);
  const found = [checkEndpoint(endpoint), ...engine, ...(socket === undefined ? [] : [socket])];
  if (container === undefined || found.some(({ status }) => status === 'fail')) return found;
  return [...found, await checkRoundTrip(() => surroundings.roundTrip(endpoint, config, container))];
}

/** Looks at everything the server needs, in the order in which a fault hides the next. */
export async function runChecks(surroundings: Surroundings, container?: string): Promise<readonly Check[]> {
  const node = checkNode(surroundings.nodeVersion);
  const loaded = loadConfig(surroundings.environment);
  if (!loaded.ok) return [node, ...checkFaults(loaded.faults), ...endpointFailures(surroundings, loaded.readable)];
  const { config, sourceOf } = loaded;
  return [
    node,
    checkNative(config.native, () => surroundings.loadDemuxer(config)),
    checkSources(sourceOf),
    ...(await engineChecks(surroundings, config, container)),
    checkAudit(config),
    ...checkRisks(config),
  ];
}

const MARKS = { ok: '✓', warn: '!', fail: '✗' } as const;

function lineOf({ name, status, detail, mend }: Check): string {
  const line = `${MARKS[status]} ${name}: ${detail}\n`;
  return mend === undefined ? line : `${line}  → ${mend}\n`;
}

/** `doctor`: prints every check and how to mend what failed; runs a command in `container`, if given. Returns the exit code: 1 where the server could not work. */
export async function printDiagnosis(surroundings: Surroundings, container?: string): Promise<number> {
  const checks = await runChecks(surroundings, container);
  const failed = checks.some(({ status }) => status === 'fail');
  const verdict = failed ? 'The server cannot work like this.' : 'The server can work.';
  surroundings.write(`${checks.map(lineOf).join('')}\n${verdict}\n`);
  return failed ? 1 : 0;
}
