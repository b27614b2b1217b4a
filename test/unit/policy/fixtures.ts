import { evaluate } from '../../../src/policy/evaluate.ts';
import type { ContainerFacts, PolicyRequest, Verdict } from '../../../src/policy/facts.ts';
import { compilePolicy, type PolicyConfig } from '../../../src/policy/policy.ts';
import { toContainerId } from '../../../src/protocol/ids.ts';

export const DEFAULTS: PolicyConfig = {
  security: true,
  commandPolicyMode: 'none',
  commandPatterns: [],
  deniedPaths: ['/proc', '/sys', '/dev'],
  deniedFlags: ['--privileged', '--pid=host', '--net=host'],
  allowedContainers: undefined,
  allowHostAccess: false,
};

export const CONTAINER: ContainerFacts = {
  id: toContainerId('a'.repeat(64)),
  name: 'web-1',
  labels: { tier: 'front' },
  configUser: '',
  workdir: '/app',
  privileged: false,
  namespaces: { pid: '', network: 'bridge', ipc: 'private', uts: '', userns: '' },
  mounts: [],
};

export type ExecRequest = Extract<PolicyRequest, { kind: 'exec' }>;

export function exec(cmd: readonly string[], changes: Partial<Omit<ExecRequest, 'kind' | 'cmd'>> = {}): ExecRequest {
  return { kind: 'exec', container: CONTAINER, env: [], workdir: undefined, ...changes, cmd };
}

export function judge(request: PolicyRequest, changes: Partial<PolicyConfig> = {}): Verdict {
  return evaluate(request, compilePolicy({ ...DEFAULTS, ...changes }));
}

export function withAllowlist(...commandPatterns: string[]): Partial<PolicyConfig> {
  return { commandPolicyMode: 'allowlist', commandPatterns };
}

export function withDenylist(...commandPatterns: string[]): Partial<PolicyConfig> {
  return { commandPolicyMode: 'denylist', commandPatterns };
}
