import type { ErrorCode } from '../../src/errors.ts';
import type { ContainerFacts } from '../../src/policy/facts.ts';

export type Family =
  | 'Input'
  | 'Users'
  | 'Commands'
  | 'Unreadable commands'
  | 'Variables'
  | 'Paths'
  | 'Flags'
  | 'Containers'
  | 'Host access'
  | 'Ordinary use';

/** What a case's container has; everything else is as in `CONTAINER`. */
export type ContainerChanges = Partial<Omit<ContainerFacts, 'id' | 'namespaces'>> & {
  readonly namespaces?: Partial<ContainerFacts['namespaces']>;
  readonly passwd?: string;
  readonly group?: string;
};

export type Expected =
  /** Runs, as this user where one is given. */
  | { readonly verdict: 'allowed'; readonly user?: string }
  /** Refused; `rule` as in the audit. */
  | { readonly verdict: 'denied'; readonly code: ErrorCode; readonly rule?: string };

/** One call, and what must become of it. */
export interface Case {
  readonly family: Family;
  readonly name: string;
  /** docker_exec where none is given. */
  readonly tool?: 'docker_logs' | 'docker_inspect';
  /** The call's arguments without `id`. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The server's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly container?: ContainerChanges;
  readonly expected: Expected;
}

/** What a list of cases has in common. */
export type Common = Omit<Case, 'name' | 'input'>;

/** A command; a text is one for `sh -c`. */
export type CommandLike = string | readonly string[];

export function argvOf(command: CommandLike): readonly string[] {
  return typeof command === 'string' ? ['sh', '-c', command] : command;
}

/** One case a command, named by it. */
export function commands(common: Common, given: readonly CommandLike[], input: Case['input'] = {}): Case[] {
  return given.map((command) => {
    const shown = typeof command === 'string' ? command : command.join(' ');
    return { ...common, name: shorten(shown), input: { ...input, cmd: argvOf(command) } };
  });
}

function shorten(text: string): string {
  const line = JSON.stringify(text).slice(1, -1);
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

export function denied(rule: string): Expected {
  return { verdict: 'denied', code: 'POLICY_DENIED', rule };
}

export const INVALID: Expected = { verdict: 'denied', code: 'INVALID_ARGUMENT', rule: 'input' };
export const ALLOWED: Expected = { verdict: 'allowed' };

export const DENYLIST = {
  MCP_DOCKER_COMMAND_POLICY_MODE: 'denylist',
  MCP_DOCKER_COMMAND_PATTERNS: '^id( |$)',
};
export const ALLOWLIST = {
  MCP_DOCKER_COMMAND_POLICY_MODE: 'allowlist',
  MCP_DOCKER_COMMAND_PATTERNS: '^(ls|echo|cat|wc|true|test|grep|printf|cd|tee|sleep|:|set|read|\\[)( |$)',
};
