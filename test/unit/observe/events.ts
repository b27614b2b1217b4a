import type { CallDenied, CallFinished, RunStarted } from '../../../src/observe/events.ts';
import { type ExecId, newTraceId, toContainerId } from '../../../src/protocol/ids.ts';

const run = {
  execId: 'ex_abcdefghijkl' as ExecId,
  containerId: toContainerId('c'.repeat(64)),
  container: 'web',
  user: '1000:1000',
  argv: ['mysql', '-phunter2', 'db'],
  stdin: { bytes: 3, sha256: 'f'.repeat(64) },
};

export function started(): RunStarted {
  return { kind: 'run_started', traceId: newTraceId(), tool: 'docker_exec', run, verdict: 'allowed', rule: 'none' };
}

export function finished(): CallFinished {
  return {
    kind: 'call_finished',
    traceId: newTraceId(),
    tool: 'docker_exec',
    run,
    durationMs: 12,
    outcome: 'exited',
    exitCode: 0,
    termination: 'none',
    stdoutBytes: 5,
    stderrBytes: 7,
  };
}

export function denied(reason = 'no'): CallDenied {
  return {
    kind: 'call_denied',
    traceId: newTraceId(),
    tool: 'docker_exec',
    errorCode: 'POLICY_DENIED',
    rule: 'user.root',
    reason,
    run: { container: 'web' },
  };
}
