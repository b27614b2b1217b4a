import {
  ALLOWED,
  ALLOWLIST,
  type Case,
  type CommandLike,
  type ContainerChanges,
  commands,
  DENYLIST,
  denied,
  INVALID,
} from '../case.ts';

const FLAGS: readonly CommandLike[] = [
  ['docker', 'run', '--privileged', 'x'],
  ['docker', 'run', '--privileged=true', 'x'],
  ['docker', 'run', '--privileged=1', 'x'],
  ['docker', 'run', '--pid=host', 'x'],
  ['docker', 'run', '--pid', 'host', 'x'],
  ['docker', 'run', '--net=host', 'x'],
  ['docker', 'run', '--net', 'host', 'x'],
  ['docker', 'run', '--network=host', 'x'],
  ['docker', 'run', '--network', 'host', 'x'],
  'docker run --pri""vileged x',
  "docker run '--pid=host' x",
  'docker run --pid "host" x',
  'true; docker run --net host x',
  'echo $(docker run --privileged x)',
  `sh -c "sh -c 'docker run --privileged x'"`,
  ['env', 'timeout', '5', 'docker', 'run', '--privileged', 'x'],
  ['sudo', 'docker', 'run', '--pid', 'host', 'x'],
  ['xargs', 'docker', 'run', '--privileged'],
  'docker run --privileged x "',
];

export const flagCases: readonly Case[] = commands({ family: 'Flags', expected: denied('command.flags') }, FLAGS);

/** Variables that make an allowed command run something else. */
const VARIABLES = [
  'PATH LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT BASH_ENV ENV PROMPT_COMMAND IFS PS4 SHELLOPTS BASHOPTS BASH_FUNC_ls%% CDPATH HOME',
  'PYTHONPATH PYTHONSTARTUP PYTHONHOME NODE_OPTIONS NODE_PATH PERL5OPT PERL5LIB RUBYOPT RUBYLIB JAVA_TOOL_OPTIONS CLASSPATH',
  'GIT_SSH_COMMAND GIT_EXTERNAL_DIFF GIT_PAGER GIT_EDITOR GIT_CONFIG_COUNT GIT_EXEC_PATH GIT_ASKPASS PAGER EDITOR VISUAL',
  'LESSOPEN MANPAGER BROWSER TAR_OPTIONS MAKEFLAGS RSYNC_RSH LUA_INIT AWKPATH GCONV_PATH NPM_CONFIG_SCRIPT_SHELL',
].flatMap((names) => names.split(' '));

const SETS_ONE: readonly CommandLike[] = [
  ['env', 'PATH=/tmp', 'ls'],
  ['env', '-i', 'LD_PRELOAD=/tmp/x.so', 'ls'],
  'PATH=/tmp ls',
  'PATH=/tmp; ls',
  'PATH+=:/tmp; ls',
  'export PATH=/tmp; ls',
  'readonly LD_PRELOAD=/tmp/x.so; ls',
  'read PATH </tmp/x; ls',
  'for PATH in /tmp; do ls; done',
  `: \${PATH:=/tmp}; ls`,
  ['bash', '-c', 'declare -x PATH=/tmp; ls'],
  ['bash', '-c', 'printf -v PATH /tmp; ls'],
  ['bash', '-c', 'printf -vPATH /tmp; ls'],
  ['sudo', 'LD_PRELOAD=/tmp/x.so', 'ls'],
  'unset PATH; ls',
  'getopts a PATH; ls',
];

export const variableCases: readonly Case[] = [DENYLIST, { ...ALLOWLIST, MCP_DOCKER_COMMAND_PATTERNS: '.' }].flatMap(
  (env) => {
    const common = { family: 'Variables', env, expected: denied('command.environment') } as const;
    const given = VARIABLES.map((name) => ({ ...common, name, input: { cmd: ['ls'], env: [`${name}=/tmp`] } }));
    // In a text for a shell that is not known to be bash, `+=` is refused before it is understood.
    return [...given, ...commands(common, SETS_ONE)];
  },
);

function inContainer(changes: ContainerChanges): ContainerChanges {
  return { name: 'web-1', labels: { tier: 'front' }, ...changes };
}

function containerCase(list: string, expected: Case['expected'], container: ContainerChanges = {}): Case[] {
  const env = { MCP_DOCKER_ALLOWED_CONTAINERS: list };
  const common = { family: 'Containers', env, expected, container: inContainer(container) } as const;
  const shown = `${list}${container.name === undefined ? '' : `, container ${container.name}`}`;
  return [
    { ...common, name: shown, input: { cmd: ['ls'] } },
    { ...common, name: `logs: ${shown}`, tool: 'docker_logs', input: {} },
  ];
}

export const containerCases: readonly Case[] = [
  ...['web-1', 'web-*', '*', 'db,web-?', 'label:tier=front', 'web-[0-9]'].flatMap((list) =>
    containerCase(list, ALLOWED),
  ),
  ...['web', 'eb-1', 'web-', 'web-1x', 'WEB-1', 'label:tier=back', 'label:tier=fro', 'label:constructor=x'].flatMap(
    (list) => containerCase(list, denied('containers.allowed')),
  ),
  // An id that begins like an allowed name, and names made to look allowed.
  ...containerCase('aaaa*', denied('containers.allowed')),
  ...containerCase('web-*', denied('containers.allowed'), { name: 'not-web-1' }),
  ...containerCase('web-?', denied('containers.allowed'), { name: 'web-10' }),
  ...containerCase('label:tier=front', denied('containers.allowed'), { labels: { tier: 'front,back' } }),
];

const HOST = denied('containers.host-access');

function mounted(source: string, destination = '/x', type = 'bind'): ContainerChanges {
  return { mounts: [{ type, source, destination }] };
}

function hostCase(name: string, container: ContainerChanges, expected = HOST, env: Case['env'] = {}): Case {
  return { family: 'Host access', name, input: { cmd: ['ls'] }, container, expected, env };
}

export const hostCases: readonly Case[] = [
  hostCase('privileged', { privileged: true }),
  ...(['pid', 'network', 'ipc', 'uts', 'userns'] as const).map((name) =>
    hostCase(`${name} namespace of the host`, { namespaces: { [name]: 'host' } }),
  ),
  ...[
    '/',
    '//',
    '/./',
    '/var/..',
    '/run',
    '/var',
    '/var/run',
    '/var/run/',
    '/run/docker',
    '/run/docker.sock',
    '/var/run/docker.sock',
    '/run/containerd',
    '/run/containerd/containerd.sock',
    '/run/podman',
    '/run/podman/podman.sock',
    '/run/crio/crio.sock',
    '/run/k3s',
    '/run/user',
    '/run/user/1000',
    '/run/user/1000/podman/podman.sock',
    '/home/app/.docker/run/docker.sock',
    '/run/host-services/docker.proxy.sock',
    '/var/run/docker.sock.raw.sock',
    '/proc',
    '/proc/1/root',
  ].map((source) => hostCase(`${source} mounted`, mounted(source))),
  hostCase('something mounted as docker.sock', mounted('/srv/link', '/var/run/docker.sock')),
  hostCase("the server's own socket mounted", mounted('/srv/engine/d.sock'), HOST, {
    DOCKER_HOST: 'unix:///srv/engine/d.sock',
  }),
  hostCase("the folder of the server's own socket mounted", mounted('/srv'), HOST, {
    DOCKER_HOST: 'unix:///srv/engine/d.sock',
  }),
  hostCase('a folder mounted', mounted('/srv/data', '/run'), ALLOWED),
  hostCase('a volume mounted', mounted('/var/lib/docker/volumes/a/_data', '/data', 'volume'), ALLOWED),
  hostCase('a temporary file system', mounted('', '/run', 'tmpfs'), ALLOWED),
  hostCase(
    "another container's namespace",
    { namespaces: { pid: 'container:abc', network: 'container:abc' } },
    ALLOWED,
  ),
  hostCase('privileged, and the operator allows it', { privileged: true }, ALLOWED, {
    MCP_DOCKER_ALLOW_HOST_ACCESS: 'true',
  }),
];

export const inputCases: readonly Case[] = [
  ['no command', { cmd: [] }],
  ['an empty program', { cmd: [''] }],
  ['a text for a command', { cmd: 'id' }],
  ['NUL in the program', { cmd: ['ls\0id'] }],
  ['NUL in an argument', { cmd: ['ls', 'a\0b'] }],
  ['half a character', { cmd: ['ls', '\ud800'] }],
  ['a number as argument', { cmd: ['ls', 1] }],
  ['an argument larger than the kernel takes', { cmd: ['ls', 'a'.repeat(131_072)] }],
  ['more arguments than the kernel takes', { cmd: Array.from({ length: 210_000 }, () => 'a') }],
  ['an unknown argument', { cmd: ['ls'], privileged: true }],
  ['a relative workdir', { cmd: ['ls'], workdir: 'proc' }],
  ['NUL in workdir', { cmd: ['ls'], workdir: '/tmp\0/proc' }],
  ['env without a name', { cmd: ['ls'], env: ['=x'] }],
  ['env without a value', { cmd: ['ls'], env: ['X'] }],
  ['NUL in env', { cmd: ['ls'], env: ['A=1\0PATH=/tmp'] }],
  ['an id that leaves its place in the URL', { cmd: ['ls'], id: '../images/x' }],
  ['an id with a query', { cmd: ['ls'], id: 'x/kill?x=' }],
  ['an id of dots', { cmd: ['ls'], id: '..' }],
  ['a timeout that overflows timers', { cmd: ['ls'], timeoutMs: 2 ** 31 }],
].map(([name, input]) => ({ family: 'Input', name: String(name), input: Object(input), expected: INVALID }));
