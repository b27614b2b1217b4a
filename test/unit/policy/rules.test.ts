import { describe, expect, it } from 'vitest';
import type { ContainerFacts } from '../../../src/policy/facts.ts';
import { compilePolicy } from '../../../src/policy/policy.ts';
import { isVisible } from '../../../src/policy/rules/containers-allowed.ts';
import { CONTAINER, DEFAULTS, exec, judge, withAllowlist, withDenylist } from './fixtures.ts';

const sh = (text: string) => ['sh', '-c', text];

describe('allowed containers', () => {
  it.each([
    [['web-*'], true],
    [['web-1'], true],
    [['db-*', 'label:tier'], true],
    [['label:tier=front'], true],
    [['*'], true],
    [['label:tier=back'], false],
    [['label:tier=fro'], false],
    [['label:constructor'], false],
    [['web'], false],
    [['eb-1'], false],
    [['!db'], false],
    [[], false],
  ])('%j: %j', (allowedContainers, allowed) => {
    for (const request of [
      exec(['ls']),
      { kind: 'logs', container: CONTAINER },
      { kind: 'inspect', container: CONTAINER },
    ] as const) {
      const verdict = judge(request, { allowedContainers });
      expect(verdict.allowed).toBe(allowed);
      if (!allowed) expect(verdict).toMatchObject({ rule: 'containers.allowed', part: 'web-1' });
    }
    expect(isVisible(CONTAINER, compilePolicy({ ...DEFAULTS, allowedContainers }))).toBe(allowed);
  });

  it('are all of them where none is named', () => {
    expect(isVisible(CONTAINER, compilePolicy(DEFAULTS))).toBe(true);
  });
});

describe('host access', () => {
  const mount = (source: string, destination = '/x'): Partial<ContainerFacts> => ({
    mounts: [{ type: 'bind', source, destination }],
  });
  const namespace = (name: keyof ContainerFacts['namespaces']): Partial<ContainerFacts> => ({
    namespaces: { ...CONTAINER.namespaces, [name]: 'host' },
  });

  it.each([
    [{ privileged: true }],
    [namespace('pid')],
    [namespace('network')],
    [namespace('ipc')],
    [namespace('uts')],
    [mount('/var/run/docker.sock')],
    [mount('/srv/other/docker.sock')],
    [mount('/run/containerd/containerd.sock')],
    [mount('/run/podman/podman.sock')],
    [mount('/run/user/1000')],
    [mount('/run/user/1000/podman')],
    [mount('/some/link', '/var/run/docker.sock')],
    [mount('/run')],
    [mount('/var/run/')],
    [mount('/')],
    [mount('/./')],
  ])('refuses exec with %j', (facts) => {
    const container = { ...CONTAINER, ...facts };
    expect(judge(exec(['ls'], { container }))).toMatchObject({ allowed: false, rule: 'containers.host-access' });
    expect(judge(exec(['ls'], { container }), { allowHostAccess: true }).allowed).toBe(true);
    expect(judge({ kind: 'logs', container }).allowed).toBe(true);
  });

  it.each([
    [mount('/srv/data', '/run')],
    [mount('', '/run')],
    [mount('/var/lib/docker/volumes/a/_data')],
    [mount('/srv/docker.sock.txt')],
  ])('allows %j', (facts) => {
    expect(judge(exec(['ls'], { container: { ...CONTAINER, ...facts } })).allowed).toBe(true);
  });
});

describe('denied flags', () => {
  it.each([
    [['docker', 'run', '--privileged', 'x']],
    [['docker', 'run', '--privileged=true', 'x']],
    [['docker', 'run', '--pid=host', 'x']],
    [['docker', 'run', '--pid', 'host', 'x']],
    [sh('ls; docker run --net host x')],
    [sh("docker run '--priv'ileged x")],
    [['env', 'sh', '-c', 'docker run --net=host']],
    [['sudo', 'docker', 'run', '--pid', 'host']],
    [sh('docker run --privileged "')],
  ])('refuses %j', (cmd) => {
    expect(judge(exec(cmd))).toMatchObject({ allowed: false, rule: 'command.flags' });
  });

  it.each([
    [['x', '--privileged-port']],
    [['x', '--pid=hosts']],
    [['x', '--pid', '1', 'host']],
    [['x', 'host', '--pid']],
  ])('allows %j', (cmd) => {
    expect(judge(exec(cmd)).allowed).toBe(true);
  });
});

describe('denied paths', () => {
  it.each([
    [['cat', '/proc/1/environ']],
    [['cat', '/proc']],
    [['cat', '/proc/']],
    [['cat', '//proc//1/mem']],
    [['cat', '/./proc/1']],
    [['cat', '/tmp/../proc/1']],
    [['cat', '../proc/1']],
    [['dd', 'if=/dev/sda']],
    [['dd', 'if=../dev/sda']],
    [['x', '--file=/sys/kernel']],
    [['x', '-I/proc']],
    [['x', '-f../proc/1/mem']],
    [['curl', '-d', '@/proc/self/environ']],
    [['curl', '-F', 'f=@/proc/self/environ']],
    [['curl', 'file:///proc/self/environ']],
    [['curl', 'file://localhost/%70roc/self/environ']],
    [['mount', '-o', 'a,b=/dev/sda']],
    [['cp', '/dev/null/../mem', 'x']],
    [['cat', '/dev/fd/3']],
    [sh('cat /proc/1/environ')],
    [sh('cat "/pr"oc/1')],
    [sh('cat </proc/1/environ')],
    [sh('echo x >> /sys/x')],
    [sh('echo x 2>/dev/sda')],
    [sh('x=/proc/1; cat $x/environ')],
    [sh(`cat $\{x:-/proc/1}`)],
    [sh('for f in /proc/1 /tmp; do cat $f; done')],
    [sh('cd / && cat proc/1/environ')],
    [sh('cat /pro?/1')],
    [sh('cat /p*/1')],
    [['bash', '-c', 'cat /{proc,tmp}/1']],
    [sh('cat /proc/1/environ "')],
    [sh("cat '/pro'c/1/environ \"")],
    [['xargs', 'sh', '-c', 'cat /proc/1/environ']],
  ])('refuses %j', (cmd) => {
    expect(judge(exec(cmd))).toMatchObject({ allowed: false, rule: 'command.paths' });
  });

  it.each([
    [['cat', '/process']],
    [['cat', '/tmp/proc']],
    [['cat', 'proc/x']],
    [['echo', 'see /proc for more']],
    [['echo', '2 + 2 = 4']],
    [['curl', 'https://proc/1']],
    [['curl', 'http://host/../proc']],
    [['cp', '/dev/null', 'x']],
    [['dd', 'if=/dev/zero', 'of=/dev/stdout']],
    [['cat', '/dev/./urandom']],
    [['cat', '/dev/fd/0']],
    [sh('ls > /dev/null 2>&1')],
    [sh('echo "/tmp/*" *.txt')],
    [['find', '/tmp', '-name', '*']],
  ])('allows %j', (cmd) => {
    expect(judge(exec(cmd)).allowed).toBe(true);
  });

  it('are checked in the working directory, and against it', () => {
    expect(judge(exec(['ls'], { workdir: '/proc/1' }))).toMatchObject({ rule: 'command.paths', part: '/proc/1' });
    expect(judge(exec(['ls'], { workdir: '../sys' })).allowed).toBe(false);
    expect(judge(exec(['cat', 'dev/sda'], { workdir: '/' })).allowed).toBe(false);
    expect(judge(exec(['ls'], { container: { ...CONTAINER, workdir: '/proc' } })).allowed).toBe(false);
    expect(judge(exec(['ls', '..'], { workdir: '/tmp' })).allowed).toBe(true);
  });

  it.each([
    [['cat', 'proc/version']],
    [['npm', 'run', 'dev/x']],
    [['x', './dev']],
    [['x', '--file=sys/kernel']],
    [['x', '@proc']],
    [['ls', 'proc']],
    [['/bin/ls', '-l', 'proc']],
    [['dd', 'if=dev/sda']],
    [['tar', 'cf', '-', 'proc']],
    [['env', 'A=1', 'ls', 'proc']],
    [['find', 'proc', '-name', 'x']],
    [sh('cat proc')],
    [sh('cd /; cat proc')],
    [sh('ls <proc')],
    [sh('x=proc; cat $x/version')],
    [sh('for f in proc; do cat $f; done')],
    [sh('set -- proc; cat "$1"')],
    [sh('$x proc')],
    [sh('ls pro?')],
    [sh('cat proc "')],
  ])('refuses %j from the root', (cmd) => {
    expect(judge(exec(cmd, { workdir: '/' }))).toMatchObject({ allowed: false, rule: 'command.paths' });
  });

  it.each([
    [['npm', 'run', 'dev']],
    [['echo', 'proc']],
    [['make', 'sys']],
    [['x', '--mode=dev']],
    [['env', 'NODE_ENV=dev', 'npm', 'start']],
    [sh('npm run dev')],
    [sh('cd /app && npm run build --mode=dev')],
    [['ls', 'tmp']],
    [['ls', '.']],
  ])('takes no bare word of %j for a path from the root', (cmd) => {
    expect(judge(exec(cmd, { workdir: '/' })).allowed).toBe(true);
  });

  it.each([
    [sh('curl http://x/y')],
    [sh('curl "http://proc/1"; wget -O- https://dev/sda')],
    [['sh', '-c', 'curl -d a=http://x/y=http://z/proc http://proc/1']],
    [['x', '--url=http://x/y=http://z']],
  ])('takes no URL in %j for a path', (cmd) => {
    expect(judge(exec(cmd)).allowed).toBe(true);
  });

  it.each([[sh('curl file:///proc/1')], [sh('curl http://x/y; cat /proc/1')], [['x', 'a b=http://x,c=/proc/1']]])(
    'still sees the path in %j',
    (cmd) => {
      expect(judge(exec(cmd)).allowed).toBe(false);
    },
  );

  it('refuses a text that changes to more folders than are followed', () => {
    const text = Array.from({ length: 100 }, (_, index) => `cd a${index};`).join(' ');
    expect(judge(exec(sh(text)))).toMatchObject({ rule: 'command.paths', part: 'cd' });
  });

  it('are those of the configuration, normalised', () => {
    expect(judge(exec(['cat', '/etc/shadow']), { deniedPaths: ['/etc//shadow/'] }).allowed).toBe(false);
    expect(judge(exec(['cat', '/proc/1']), { deniedPaths: [] }).allowed).toBe(true);
  });
});

describe('environment', () => {
  const names = [
    'PATH',
    'LD_PRELOAD',
    'LD_ANY',
    'ENV',
    'BASH_ENV',
    'BASH_FUNC_ls%%',
    'IFS',
    'PS4',
    'NODE_OPTIONS',
    'PYTHONPATH',
    'GIT_SSH_COMMAND',
  ];

  it.each(names)('refuses %s in the list modes only', (name) => {
    const request = exec(['ls'], { env: ['A=1', `${name}=x`] });
    for (const mode of [withAllowlist('^ls'), withDenylist('^rm')]) {
      expect(judge(request, mode)).toMatchObject({ allowed: false, rule: 'command.environment', part: name });
    }
    expect(judge(request).allowed).toBe(true);
  });

  it.each([
    [['env', 'PATH=/tmp', 'ls']],
    [['sudo', 'LD_PRELOAD=x', 'ls']],
    [sh('PATH=/tmp ls')],
    [sh('PATH=/tmp; ls')],
    [sh('export PATH=/tmp; ls')],
    [sh('read PATH; ls')],
    [sh('for PATH in /tmp; do ls; done')],
    [sh(`ls $\{PATH:=/tmp}`)],
    [['bash', '-c', 'printf -v PATH /tmp; ls']],
  ])('refuses %j, which sets one on the way', (cmd) => {
    expect(judge(exec(cmd), withAllowlist('.'))).toMatchObject({ allowed: false, rule: 'command.environment' });
  });

  it('allows ordinary variables', () => {
    const env = ['LANG=C', 'NODE_ENV=production', 'PYTHONUNBUFFERED=1', 'GIT_AUTHOR_NAME=x', 'path=x', 'MYPATH=x', 'x'];
    expect(judge(exec(['ls'], { env }), withAllowlist('^ls')).allowed).toBe(true);
  });
});

describe('a policy', () => {
  it('allows everything with security off', () => {
    const container = { ...CONTAINER, privileged: true };
    const off = { ...withAllowlist(), security: false, allowedContainers: [] };
    expect(judge(exec(['cat', '/proc/1'], { container }), off)).toEqual({ allowed: true, rule: 'security.off' });
    expect(isVisible(CONTAINER, compilePolicy({ ...DEFAULTS, ...off }))).toBe(true);
  });

  it('cuts the offending part to 200 characters', () => {
    const verdict = judge(exec(['cat', `/proc/${'x'.repeat(500)}`]));
    expect(verdict.allowed ? '' : verdict.part).toHaveLength(200);
  });

  it('names the variable of a pattern that does not compile', () => {
    expect(() => compilePolicy({ ...DEFAULTS, ...withAllowlist('(a') })).toThrow(/MCP_DOCKER_COMMAND_PATTERNS.*\(a/);
  });
});
