import { type Case, type ContainerChanges, denied, type Expected, INVALID } from '../case.ts';

const PASSWD = ['root:x:0:0:root:/root:/bin/sh', 'app:x:1000:1000::/home/app:/bin/sh', 'svc:x:1001:0::/:/bin/sh'];
const GROUP = ['root:x:0:', 'app:x:1000:', 'extra:x:2000:app'];

function accounts(passwd: readonly string[] = [], group: readonly string[] = []): ContainerChanges {
  return { passwd: [...PASSWD, ...passwd, ''].join('\n'), group: [...GROUP, ...group, ''].join('\n') };
}

const ROOT = denied('user.root');
const ROOT_GROUP = denied('user.root-group');
const NOT_FOUND: Expected = { verdict: 'denied', code: 'USER_NOT_FOUND' };

function asks(
  user: string | undefined,
  expected: Expected,
  container: ContainerChanges = accounts(),
  why = '',
  env: Case['env'] = {},
): Case {
  const name = `${user === undefined ? 'nobody asked for' : JSON.stringify(user)}${why === '' ? '' : `, ${why}`}`;
  return { family: 'Users', name, input: { cmd: ['id'], user }, container, expected, env };
}

function runsAs(user: string): Expected {
  return { verdict: 'allowed', user };
}

/** Specs that are judged alike in every container, those of the end-to-end tests too. */
export const specCases: readonly Case[] = [
  ...[
    'root',
    '0',
    '00',
    '000000000000000000',
    '+0',
    '-0',
    ' root',
    'root ',
    ' 0',
    '0:0',
    'root:root',
    '0:1000',
    'root:app',
  ].map((user) => asks(user, ROOT)),
  ...[':0', ':root', '0:'].map((user) => asks(user, ROOT)),
  ...['1000:0', 'app:root', 'app:0', 'app:00', '1000:+0', '65534:0', 'app: 0'].map((user) => asks(user, ROOT_GROUP)),
  ...[
    '4294967296',
    '4294967295',
    '2147483648',
    '-1',
    '1000:4294967296',
    '1:2:3',
    'app:',
    '1000:-1',
    'a b',
    '+app',
    ':',
    ':1000',
  ].map((user) => asks(user, INVALID)),
  ...['app\0', 'root\0x', 'app\n', 'app\nroot', 'app\r', 'app\u200b', 'app\u202e', ''].map((user) =>
    asks(user, INVALID),
  ),
  ...['0x0', '0b0', '0o0', '０', 'Root', 'ROOT', 'toor', 'rооt'].map((user) => asks(user, NOT_FOUND)),
  asks('x'.repeat(300), INVALID),
  asks('svc', ROOT_GROUP, accounts(), 'whose own group is root'),
  asks('app', runsAs('1000:1000')),
  asks('1000', runsAs('1000:1000')),
  asks('1000:2000', runsAs('1000:2000')),
  asks('app:extra', runsAs('1000:2000')),
  asks('4242', runsAs('4242:4242'), accounts(), 'whom /etc/passwd does not have'),
  asks('01000', runsAs('1000:1000')),
];

export const userCases: readonly Case[] = [
  ...specCases,
  asks('toor', ROOT, accounts(['toor:x:0:0::/:/bin/sh']), 'another name of uid 0'),
  asks('evil', ROOT, accounts(['evil:x:+0:1000::/:/bin/sh']), 'uid written +0'),
  asks('evil', ROOT, accounts(['evil:x:-0:1000::/:/bin/sh']), 'uid written -0'),
  asks('evil', ROOT, accounts(['evil:x:0000:1000::/:/bin/sh']), 'uid written 0000'),
  asks('evil', ROOT, accounts(['evil:x::1000::/:/bin/sh']), 'uid missing, which the engine reads as 0'),
  asks('evil', ROOT, accounts(['evil:x:zero:1000::/:/bin/sh']), 'uid no number, which the engine reads as 0'),
  asks('evil', ROOT, accounts(['evil']), 'a line without fields'),
  asks('evil', ROOT_GROUP, accounts(['evil:x:5:0x5::/:/bin/sh']), 'gid no number'),
  asks('evil', denied('user.spec'), accounts(['evil:x:4294967296:5::/:/bin/sh']), 'uid overflows'),
  asks('evil', denied('user.spec'), accounts(['evil:x:5:4294967296::/:/bin/sh']), 'gid overflows'),
  asks('app', ROOT, { passwd: 'app:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n', group: '' }, 'first of two lines'),
  asks('1000:wheel', ROOT_GROUP, accounts([], ['wheel:x:0:']), 'another name of gid 0'),
  asks('app:evil', ROOT_GROUP, accounts([], ['evil:x:']), 'gid missing, which the engine reads as 0'),
  asks('app', runsAs('1000:1000'), accounts([], ['wheel:x:0:app']), 'in group 0, which it loses'),
  asks('app', runsAs('1000:1000'), accounts(['other:x:1000:0::/:/bin/sh']), 'two names of one uid'),
  asks('1000', runsAs('1000:1000'), accounts(['1000:x:0:0::/:/bin/sh']), 'a root user named like the number'),
  asks('app', NOT_FOUND, { passwd: '', group: '' }, 'no /etc/passwd'),
  asks('root', ROOT, { passwd: '', group: '' }, 'no /etc/passwd'),
  asks('root', ROOT, { passwd: 'root:x:1000:1000::/:/bin/sh\n', group: '' }, 'root mapped elsewhere'),
  asks(undefined, runsAs('65534:65534'), { ...accounts(), configUser: '' }, "the container's own is root"),
  asks(undefined, runsAs('65534:65534'), { ...accounts(), configUser: '0:1000' }, "the container's own is 0:1000"),
  asks(undefined, runsAs('65534:65534'), { ...accounts(['toor:x:0:0::/:']), configUser: 'toor' }, 'its own is toor'),
  asks(undefined, runsAs('1000:1000'), { ...accounts(), configUser: 'app' }, "the container's own is app"),
  asks(undefined, runsAs('1000:1000'), { ...accounts(), configUser: 'app:0' }, 'its own group is root'),
  asks(undefined, runsAs('1001:1001'), { ...accounts(), configUser: 'svc' }, 'its own is svc, whose group is root'),
  asks(undefined, NOT_FOUND, { ...accounts(), configUser: 'ghost' }, 'its own does not exist'),
  asks(undefined, ROOT_GROUP, { ...accounts(), groupAdd: ['0'] }, 'group 0 added to the container'),
  asks('app', ROOT_GROUP, { ...accounts(), groupAdd: ['root'] }, 'group root added to the container'),
  asks('app', ROOT_GROUP, { ...accounts([], ['wheel:x:0:']), groupAdd: ['100', 'wheel'] }, 'its alias added'),
  asks('app', runsAs('1000:1000'), { ...accounts(), groupAdd: ['100'] }, 'another group added'),
  asks(undefined, ROOT, accounts(['toor:x:0:0::/:']), 'a default user that means root here', {
    MCP_DOCKER_DEFAULT_USER: 'toor',
  }),
  asks('root', runsAs('0:0'), accounts(), 'root allowed', { MCP_DOCKER_ALLOW_ROOT: 'true' }),
  asks('1000:0', runsAs('1000:0'), accounts(), 'root allowed', { MCP_DOCKER_ALLOW_ROOT: 'true' }),
];
