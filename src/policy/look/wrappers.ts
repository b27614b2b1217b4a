import { type Argv, type Finding, LEAF, unresolved } from './finding.ts';
import { type OptionTable, skipOptions } from './options.ts';

/** A program whose operands are another command. */
interface Wrapper extends OptionTable {
  /** Operands before the command: the duration of timeout, the mask of taskset. */
  readonly operands?: number;
  /** Whether `NAME=value` operands before the command set its environment. */
  readonly assignments?: boolean;
}

const SUDO: Wrapper = {
  flags: 'AbEHnPSk',
  values: 'CghpRrTtuUD',
  longFlags: ['askpass', 'background', 'preserve-env', 'set-home', 'non-interactive', 'preserve-groups', 'stdin'],
  longValues: ['close-from', 'group', 'host', 'prompt', 'chroot', 'role', 'type', 'user', 'chdir', 'command-timeout'],
  assignments: true,
};

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  busybox: {},
  toybox: {},
  builtin: {},
  chroot: { longFlags: ['skip-chdir'], longValues: ['userspec', 'groups'], operands: 1 },
  chrt: { flags: 'abdfimorRv', values: 'TPD', operands: 1 },
  command: { flags: 'p' },
  doas: { flags: 'n', values: 'uC' },
  'dumb-init': { flags: 'cv', longFlags: ['single-child', 'verbose'] },
  env: {
    flags: 'i0v',
    values: 'uC',
    longFlags: ['ignore-environment', 'null', 'debug', 'block-signal', 'default-signal', 'ignore-signal'],
    longValues: ['unset', 'chdir'],
    assignments: true,
  },
  exec: { flags: 'cl', values: 'a' },
  gosu: { operands: 1 },
  ionice: { flags: 't', values: 'cn', longFlags: ['ignore'], longValues: ['class', 'classdata'] },
  nice: { values: 'n', longValues: ['adjustment'], numeric: true },
  nohup: {},
  setsid: { flags: 'cfw', longFlags: ['ctty', 'fork', 'wait'] },
  stdbuf: { values: 'ioe', longValues: ['input', 'output', 'error'] },
  'su-exec': { operands: 1 },
  sudo: SUDO,
  taskset: { flags: 'ac', longFlags: ['all-tasks', 'cpu-list'], operands: 1 },
  time: {
    flags: 'apqvV',
    values: 'fo',
    longFlags: ['append', 'portability', 'quiet', 'verbose'],
    longValues: ['format', 'output'],
  },
  timeout: {
    flags: 'fpv',
    values: 'ks',
    longFlags: ['foreground', 'preserve-status', 'verbose'],
    longValues: ['kill-after', 'signal'],
    operands: 1,
  },
  tini: { flags: 'sgvw', values: 'pe' },
};

/** The command behind a wrapper; undefined where `name` is no wrapper. `busybox-static` and the like are busybox. */
export function lookThroughWrapper(given: string, argv: Argv): readonly Finding[] | undefined {
  const name = given.replace(/^(busybox|toybox)[.-].*/, '$1');
  return Object.hasOwn(WRAPPERS, name) ? unwrap(name, argv, WRAPPERS[name] ?? {}) : undefined;
}

function unwrap(name: string, argv: Argv, wrapper: Wrapper): readonly Finding[] {
  if (isLookup(name, argv)) return LEAF;
  const skipped = skipOptions(argv, 1, wrapper);
  if (skipped.kind === 'unknown') return unresolved(skipped.part, `${skipped.reason}, before the command of ${name}`);
  const rest = argv.slice(skipped.from + (name === 'env' && argv[skipped.from]?.text === '-' ? 1 : 0));
  const assignments = wrapper.assignments === true ? leadingAssignments(rest) : [];
  const computed = assignments.find((word) => !word.literal);
  if (computed !== undefined) return unresolved(computed.text, `a variable of ${name} is computed when it runs`);
  const findings = assignments.map(({ text }): Finding => ({ kind: 'assigns', name: text.split('=', 1)[0] ?? '' }));
  return [...findings, ...inner(name, rest.slice(assignments.length), wrapper.operands ?? 0)];
}

/** `command -v ls` only looks a name up. */
function isLookup(name: string, argv: Argv): boolean {
  return name === 'command' && /^-p?[vV]$/.test(argv[1]?.text ?? '');
}

function leadingAssignments(words: Argv): Argv {
  const end = words.findIndex((word) => !word.text.includes('='));
  return words.slice(0, end === -1 ? words.length : end);
}

function inner(name: string, rest: Argv, operands: number): readonly Finding[] {
  const computed = rest.slice(0, operands).find((word) => !word.literal);
  if (computed !== undefined) return unresolved(computed.text, `an operand of ${name} is computed when it runs`);
  const argv = rest.slice(operands);
  return argv.length === 0 ? LEAF : [{ kind: 'command', argv }];
}
