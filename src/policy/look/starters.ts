import { type Argv, type Finding, LEAF, unresolved } from './finding.ts';

/** Programs that run others in ways not read here. In the list modes they are refused rather than guessed at. */
const OPAQUE: ReadonlySet<string> = new Set(
  [
    'aa-exec at batch bwrap capsh cgexec chpst chronic coreutils cpulimit crontab cttyhack daemonize dbus-run-session ed entr',
    'envdir ex expect fakechroot fakeroot faketime firejail flock gdb gdbserver ifne inotifyd ld.so linux32 linux64 logsave ltrace',
    'machinectl mispipe newgrp nsenter numactl openvt parallel perf pivot_root pkexec prlimit proot proxychains proxychains4',
    'rlwrap run-parts runcon runuser screen sem setarch setpriv setuidgid sg softlimit ssh sshpass start-stop-daemon strace',
    'switch_root systemd-nspawn systemd-run tcpsvd tmux torsocks udpsvd unbuffer unshare valgrind watchexec xvfb-run',
    'csh elvish fish nu pwsh tcsh xonsh zsh',
  ].flatMap((names) => names.split(' ')),
);

/** How an ordinary program is made to start another. */
interface Starter {
  /** Long options, without dashes; programs take any unambiguous beginning of them. */
  readonly long?: readonly string[];
  /** Short options, also in a cluster. */
  readonly short?: string;
  /** Any other argument that does it. */
  readonly argument?: RegExp;
}

const VIM: Starter = { long: ['cmd'], short: 'cSsuU', argument: /^\+/ };
const PAGER: Starter = { long: ['pager'], short: 'PpkK', argument: /^\+/ };
const FD: Starter = { long: ['exec', 'exec-batch'], short: 'xX' };
const MAKE: Starter = {
  long: ['eval', 'file', 'makefile'],
  short: 'Ef',
  argument: /^(?:\.?SHELL(?:FLAGS)?|(?:GNU)?MAKEFLAGS|MAKE)[:+?]*=/,
};
const NPM: Starter = { long: ['call'], short: 'c' };

const STARTERS: Readonly<Record<string, Starter>> = {
  apt: { long: ['option'], short: 'o' },
  'apt-get': { long: ['option'], short: 'o' },
  bsdtar: { long: ['use-compress-program'] },
  emacs: { long: ['eval', 'execute', 'load', 'script', 'funcall', 'batch'], short: 'lf' },
  fd: FD,
  fdfind: FD,
  git: {
    long: [
      'config-env',
      'exec',
      'exec-path=',
      'ext-diff',
      'extcmd',
      'open-files-in-pager',
      'receive-pack',
      'upload-pack',
    ],
    argument:
      /^(?:-c.*|-x.*|-O.*|ext::.*|alias\..*|core\.(?:editor|fsmonitor|hookspath|pager|sshcommand|gitproxy|askpass)|(?:diff|merge|filter|gpg|difftool|mergetool)\..*\.?(?:external|command|textconv|driver|clean|smudge|process|program|cmd)|credential\..*|pager\..*|sequence\.editor|include(?:if)?\..*|bisect|filter-branch|submodule)(?:=.*)?$/i,
  },
  less: PAGER,
  make: MAKE,
  gmake: MAKE,
  man: { long: ['pager', 'html', 'preprocessor'], short: 'PHp' },
  more: PAGER,
  nc: { long: ['exec', 'sh-exec', 'lua-exec'], short: 'ec' },
  ncat: { long: ['exec', 'sh-exec', 'lua-exec'], short: 'ec' },
  npm: NPM,
  npx: NPM,
  nvim: VIM,
  rg: { long: ['pre', 'hostname-bin'] },
  rsync: { long: ['rsh', 'rsync-path'], short: 'e' },
  rvim: VIM,
  scp: { short: 'oFSD' },
  sftp: { short: 'obSD' },
  socat: { argument: /(?:^|,|!!)(?:exec|system|shell)\b/i },
  sort: { long: ['compress-program'] },
  split: { long: ['filter'] },
  tar: {
    long: [
      'to-command',
      'checkpoint-action',
      'use-compress-program',
      'rsh-command',
      'rmt-command',
      'info-script',
      'new-volume-script',
    ],
    short: 'IF',
  },
  vi: VIM,
  view: VIM,
  vim: VIM,
  vimdiff: VIM,
  wget: { long: ['use-askpass'] },
  zip: { long: ['unzip-command'], short: 'T' },
};

/** Programs that start others when told to; undefined where `name` is none of them. */
export function lookForStarter(name: string, argv: Argv): readonly Finding[] | undefined {
  if (OPAQUE.has(name) || /^ld-(?:linux|musl)/.test(name)) {
    return unresolved(name, `${name} runs other programs in a way this server does not read`);
  }
  const starter = Object.hasOwn(STARTERS, name) ? STARTERS[name] : undefined;
  if (starter === undefined) return undefined;
  const part = argv.slice(1).find((word, index) => !word.literal || starts(word.text, index, starter, name));
  if (part === undefined) return LEAF;
  return unresolved(
    part.text,
    part.literal ? `${name} runs other programs with it` : `an argument of ${name} is computed`,
  );
}

function starts(text: string, index: number, { long = [], short = '', argument }: Starter, name: string): boolean {
  if (argument?.test(text)) return true;
  if (text.startsWith('--')) return text.length > 3 && long.some((option) => isBeginning(text.slice(2), option));
  // tar takes its first argument for options without a dash.
  const cluster = /^-[A-Za-z0-9]/.test(text) || (name === 'tar' && index === 0) ? text : '';
  return [...cluster.replace(/[=].*/, '')].some((letter) => short.includes(letter));
}

/** Whether `given` (`use-comp=x`) is `option` or short for it. */
function isBeginning(given: string, option: string): boolean {
  const [name = ''] = given.split('=', 1);
  if (option.endsWith('=')) return given.startsWith(option);
  return option.startsWith(name);
}
