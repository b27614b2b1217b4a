import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { createEngineClient } from '../../src/engine/client.ts';
import type { Container } from '../../src/engine/containers.ts';
import type { Found } from '../../src/engine/lookup.ts';
import { createRateLimits } from '../../src/limits/rate-limits.ts';
import type { CallEvent } from '../../src/observe/events.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import { compilePolicy, type Policy } from '../../src/policy/policy.ts';
import { newTraceId, toContainerId } from '../../src/protocol/ids.ts';
import { Arrivals } from '../../src/scheduler/arrivals.ts';
import { answer } from '../../src/tools/answer.ts';
import type { RunDeps } from '../../src/tools/deps.ts';
import { execTool } from '../../src/tools/exec.ts';
import { CallRecord } from '../../src/tools/record.ts';
import type { ToolCall, ToolReply } from '../../src/tools/tool.ts';
import type { Case, ContainerChanges, Expected } from './case.ts';

const CONTAINER: Container = {
  id: toContainerId('a'.repeat(64)),
  name: 'web-1',
  labels: {},
  configUser: 'app',
  workdir: '/app',
  groupAdd: [],
  privileged: false,
  namespaces: { pid: '', network: 'bridge', ipc: 'private', uts: '', userns: '' },
  mounts: [],
  state: 'running',
  startedAt: '2026-01-01T00:00:00Z',
  tty: false,
};
const PASSWD = 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n';
const GROUP = 'root:x:0:\napp:x:1000:\n';

/** The container of a case. */
export function containerOf({ passwd, group, namespaces, ...changes }: ContainerChanges = {}): Container {
  return { ...CONTAINER, ...changes, namespaces: { ...CONTAINER.namespaces, ...namespaces } };
}

export function accountsOf({ passwd = PASSWD, group = GROUP }: ContainerChanges = {}) {
  return { passwd, group };
}

const configs = new Map<string, { readonly config: Config; readonly policy: Policy }>();

/** The configuration a server with this environment would have, in dry run. */
export function settingsOf(env: Case['env'] = {}) {
  const key = JSON.stringify(env);
  const known = configs.get(key);
  if (known !== undefined) return known;
  const loaded = loadConfig({ ...env, MCP_DOCKER_DRY_RUN: 'true', MCP_DOCKER_RATE_LIMITS: 'false' });
  if (!loaded.ok) throw new Error(`The environment of a case is refused: ${JSON.stringify(loaded.faults)}`);
  const settings = { config: loaded.config, policy: compilePolicy(loaded.config) };
  configs.set(key, settings);
  return settings;
}

const DEAD_ENGINE = createEngineClient({
  kind: 'unix',
  path: '/nonexistent',
  source: 'default',
  description: 'nowhere',
});

function depsOf({ env, container }: Case, events: CallEvent[]): RunDeps {
  const { config, policy } = settingsOf(env);
  const found: Found = { container: containerOf(container), accounts: async () => accountsOf(container) };
  return {
    config,
    policy,
    engine: DEAD_ENGINE,
    findContainer: async () => found,
    takeToken: createRateLimits(config, () => 0),
    publish: async (event) => void events.push(event),
    arrivals: new Arrivals(),
    schedule: () => Promise.reject(new Error('a dry run was started')),
  };
}

/** What becomes of a case: docker_exec with all that is its own, and a stated container in the place of the engine's. */
export async function judge(one: Case): Promise<Expected> {
  if (one.tool !== undefined) return judgeReading(one.tool, one);
  const events: CallEvent[] = [];
  const deps = depsOf(one, events);
  const call: ToolCall = {
    traceId: newTraceId(),
    signal: new AbortController().signal,
    progress: undefined,
    refusal: undefined,
    record: new CallRecord(),
  };
  const defects: unknown[] = [];
  const reply = await answer(execTool(deps), { id: 'web-1', ...one.input }, call, {
    publish: deps.publish,
    closing: () => false,
    onDefect: (error) => defects.push(error),
  });
  if (defects.length > 0) throw new Error('a defect', { cause: defects[0] });
  return verdictOf(reply, events);
}

function judgeReading(tool: 'docker_logs' | 'docker_inspect', { env, container }: Case): Expected {
  const kind = tool === 'docker_logs' ? 'logs' : 'inspect';
  const verdict = evaluate({ kind, container: containerOf(container) }, settingsOf(env).policy);
  return verdict.allowed ? { verdict: 'allowed' } : { verdict: 'denied', code: 'POLICY_DENIED', rule: verdict.rule };
}

function verdictOf(reply: ToolReply, events: readonly CallEvent[]): Expected {
  if (reply.kind === 'error') {
    const denial = events.find((event) => event.kind === 'call_denied');
    return { verdict: 'denied', code: reply.error.code, ...(denial === undefined ? {} : { rule: denial.rule }) };
  }
  const user: unknown = reply.kind === 'run' ? reply.fields['user'] : undefined;
  return { verdict: 'allowed', ...(typeof user === 'string' ? { user } : {}) };
}
