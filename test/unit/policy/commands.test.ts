import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exec, judge, withAllowlist, withDenylist } from './fixtures.ts';

const sh = (text: string) => ['sh', '-c', text];

describe('allowlist', () => {
  it.each([
    [['ls']],
    [['ls', '-l', '/tmp']],
    [['/usr/bin/ls', '-l']],
    [sh('ls | wc -l')],
    [sh('ls > /dev/null')],
    [sh('ls && ls || ls; ls & wait_; ls'.replace('wait_; ', ''))],
    [sh('if ls; then wc -l x; else ls; fi')],
    [sh('for f in a b; do ls "$f"; done')],
    [sh('ls $(ls)')],
    [sh('ls *.txt')],
    [['sh', '-ec', 'ls']],
    [['bash', '-lc', 'ls']],
    [['bash', '-eo', 'pipefail', '-c', 'ls | wc']],
    [['bash', '-c', '-e', 'ls']],
    [['bash', '-c', 'ls', 'name', 'argument']],
    [['bash', '-c', '[[ -f x ]] && ls']],
    [['busybox', 'sh', '-c', 'ls']],
    [['busybox', 'ls']],
    [['env', 'ls']],
    [['env', '-i', 'A=1', 'B=2', 'ls', '-l']],
    [['env', '-u', 'A', '--', 'ls']],
    [['timeout', '-s', 'KILL', '5', 'ls']],
    [['timeout', '--signal=KILL', '5', 'nice', '-n', '5', 'nohup', 'setsid', '-w', 'stdbuf', '-oL', 'ls']],
    [['nice', '-5', 'ls']],
    [['xargs', '-0', '-n', '1', 'ls', '-la']],
    [['xargs', '-I{}', 'ls', '{}']],
    [['find', '.', '-name', '*.log', '-exec', 'ls', '-l', '{}', '+']],
    [['find', '.', '-exec', 'ls', '{}', ';', '-execdir', 'wc', '{}', ';']],
    [['find', '.', '-exec', 'sh', '-c', 'ls "$1"', '_', '{}', ';']],
    [['sudo', '-u', 'app', 'ls']],
    [['su', 'app', '-c', 'ls -l']],
    [['watch', '-n', '1', 'ls', '-l']],
    [['script', '-qc', 'ls', '/tmp/out']],
    [sh('eval "ls -l"')],
    [sh('exec ls')],
    [sh('command -p ls')],
    [sh('time ls')],
    [sh('\'ls\' -l; "l"s; l\\s')],
    [sh('cat_=1; ls')],
  ])('allows %j with ^ls and ^wc', (cmd) => {
    expect(judge(exec(cmd), withAllowlist('^ls', '^wc'))).toEqual({ allowed: true, rule: 'command.allowlist' });
  });

  it('takes separators inside an argument for text', () => {
    expect(judge(exec(['echo', 'a; rm -rf b']), withAllowlist('^echo')).allowed).toBe(true);
    expect(judge(exec(sh('echo "a; rm -rf b"')), withAllowlist('^echo')).allowed).toBe(true);
  });

  it('allows text that is not Latin', () => {
    expect(judge(exec(sh('echo "日本語 ёлка 🎉"')), withAllowlist('^echo')).allowed).toBe(true);
  });

  it.each([
    [['rm', '-rf', '/']],
    [['/tmp/ls/rm']],
    [sh('ls; rm x')],
    [sh('ls\nrm x')],
    [sh('ls & rm x')],
    [sh('ls $(rm x)')],
    [sh('ls `rm x`')],
    [sh('ls "$(rm x)"')],
    [sh(`ls $\{x:-$(rm x)}`)],
    [sh('x=$(rm x)')],
    [sh('ls <<EOF\n$(rm x)\nEOF')],
    [['bash', '-c', 'ls <<< $(rm x)']],
    [['bash', '-c', 'ls <(rm x)']],
    [['bash', '-c', '(( a[$(rm x)] ))']],
    [sh('f() { rm x; }; f')],
    [sh('case a in a) rm x;; esac')],
    [sh('{ ls; (rm x); }')],
    [sh('! rm x')],
    [sh('!(rm x)')],
    [sh('sh -c "sh -c \\"rm x\\""')],
    [sh('eval "r""m x"')],
    [sh("trap 'rm x' EXIT; ls")],
    [['xargs', 'rm']],
    [['find', '.', '-exec', 'rm', '{}', ';']],
    [['find', '.', '-exec', 'ls', '{}', ';', '-delete']],
    [['find', '.', '-delete']],
    [['env', 'A=1', 'rm', 'x']],
    [['timeout', '1', 'rm', 'x']],
    [['watch', 'ls; rm x']],
    [['su', '-c', 'rm x']],
    [['busybox', 'rm', 'x']],
  ])('refuses %j, which runs something not on the list', (cmd) => {
    expect(judge(exec(cmd), withAllowlist('^ls', '^wc'))).toMatchObject({ allowed: false, rule: 'command.allowlist' });
  });

  it('names the command that broke it', () => {
    expect(judge(exec(sh('ls; /bin/rm -r x')), withAllowlist('^ls'))).toMatchObject({ part: 'rm -r x' });
  });

  it('allows a computed argument only where the pattern does not depend on it', () => {
    expect(judge(exec(sh('ls "$x"')), withAllowlist('^ls')).allowed).toBe(true);
    for (const pattern of ['^ls$', '^ls [a-z]+$', '^ls [^/]*$', '^ls ([^-].*)?$', '^ls /tmp']) {
      expect(judge(exec(sh('ls "$x"')), withAllowlist(pattern)).allowed, pattern).toBe(false);
    }
  });

  it('refuses everything without patterns', () => {
    expect(judge(exec(['ls']), withAllowlist()).allowed).toBe(false);
  });
});

describe('what cannot be resolved', () => {
  const unresolvable = [
    [sh('$x')],
    [sh('$(echo rm) x')],
    [sh('`echo rm` x')],
    [sh('r? x')],
    [sh('{rm,x}')],
    [sh('~/rm')],
    [sh('eval "$x"')],
    [sh('. ./file')],
    [sh('alias ls=rm; ls')],
    [sh('ls() { echo; }; ls')],
    [sh('hash -p /bin/rm ls')],
    [sh('if')],
    [sh('echo "')],
    [sh('((rm x))')],
    [sh('[[ a && rm x ]]')],
    [sh('ls &>f rm x')],
    [sh("ls $'a\\' ; rm x #'")],
    [sh('echo $[1; rm x]')],
    [['sh']],
    [['sh', '-s']],
    [['sh', 'script.sh']],
    [['sh', '-']],
    [['bash', '--rcfile', 'x', '-c', 'ls']],
    [['bash', '-ic', 'ls']],
    [['zsh', '-c', 'ls']],
    [['su']],
    [['xargs', 'sh', '-c']],
    [['xargs', '-I{}', 'sh', '-c', 'ls {}']],
    [['xargs', '-I%', '%', 'x']],
    [['find', '.', '-exec', '{}', ';']],
    [['find', '.', '-exec', 'ls']],
    [['env', '-S', 'rm x']],
    [['nice', '--unknown', 'rm', 'x']],
    [['python3', '-c', 'print(1)']],
    [['python3', '-Bc', 'print(1)']],
    [['python3', '-W', 'ignore', '-c', '1']],
    [['python3']],
    [['python3', '-']],
    [['perl', '-ne', '1']],
    [['node', '-e', '1']],
    [['node', '--eval=1']],
    [['ruby', '-e', '1']],
    [['php', '-r', '1']],
    [['awk', 'BEGIN { system("rm x") }']],
    [['awk', 'BEGIN { print | "rm x" }']],
    [['strace', 'rm']],
    [['/lib64/ld-linux-x86-64.so.2', '/bin/rm']],
  ];

  it.each(unresolvable)('refuses %j in both list modes, saying why', (cmd) => {
    for (const mode of [withAllowlist('.'), withDenylist('^never$')]) {
      const verdict = judge(exec(cmd), mode);
      expect(verdict).toMatchObject({ allowed: false, rule: expect.stringMatching(/^command\.(allow|deny)list$/) });
      expect(verdict).toMatchObject({ reason: expect.stringContaining('cannot be checked without running it') });
    }
  });

  it.each(unresolvable)('leaves %j alone in mode none', (cmd) => {
    expect(judge(exec(cmd))).toEqual({ allowed: true, rule: 'command.none' });
  });

  it.each([
    [['python3', 'manage.py', '-c', 'x']],
    [['python3', '--version']],
    [['python3', '-m', 'http.server']],
    [['node', 'server.js', '-p', '3000']],
    [['awk', '{ print $1 || $2 }', 'file']],
  ])('takes %j for an ordinary command', (cmd) => {
    expect(judge(exec(cmd), withAllowlist('^(python3|node|awk) ')).allowed).toBe(true);
  });
});

describe('denylist', () => {
  it.each([
    [['ls']],
    [sh('ls | wc -l')],
    [sh('for f in *; do wc "$f"; done')],
    [['grep', 'rm', 'file']],
    [sh('echo "rm x"')],
  ])('allows %j with ^rm', (cmd) => {
    expect(judge(exec(cmd), withDenylist('^rm'))).toEqual({ allowed: true, rule: 'command.denylist' });
  });

  it.each([
    [['rm', 'x']],
    [['/bin/rm', 'x']],
    [['/bin/../bin//rm', 'x']],
    [sh('ls; rm x')],
    [sh("r''m x")],
    [sh('\\rm x')],
    [['busybox', 'rm', 'x']],
    [['xargs', '-r', 'rm']],
    [sh('A=1 rm x')],
    [sh('rm $x')],
  ])('refuses %j', (cmd) => {
    expect(judge(exec(cmd), withDenylist('^rm'))).toMatchObject({ allowed: false, rule: 'command.denylist' });
  });

  it('refuses a computed argument that could complete a pattern', () => {
    expect(judge(exec(sh('rm -rf $x')), withDenylist('^rm -rf /')).allowed).toBe(false);
    expect(judge(exec(sh('echo $x')), withDenylist('rm|dd')).allowed).toBe(false);
    expect(judge(exec(sh('echo $x')), withDenylist('^rm -rf /')).allowed).toBe(true);
  });

  it('checks wrappers and shells themselves too', () => {
    expect(judge(exec(['timeout', '5', 'ls']), withDenylist('^timeout')).allowed).toBe(false);
    expect(judge(exec(sh('ls')), withDenylist('^sh')).allowed).toBe(false);
  });

  it('never lets a quoted or wrapped spelling of a denied command through', () => {
    const quote = fc.constantFrom(
      (char: string) => char,
      (char: string) => `'${char}'`,
      (char: string) => `"${char}"`,
      (char: string) => `\\${char}`,
      (char: string) => `""${char}`,
      (char: string) => `\\\n${char}`,
    );
    const name = fc.tuple(quote, quote).map(([first, second]) => `${first('r')}${second('m')}`);
    const around = fc.constantFrom(
      (text: string) => text,
      (text: string) => `ls; ${text}`,
      (text: string) => `ls | ${text}`,
      (text: string) => `( ${text} )`,
      (text: string) => `{ ${text}; }`,
      (text: string) => `echo $( ${text} )`,
      (text: string) => `if ls; then ${text}; fi`,
      (text: string) => `! { ${text}; }`,
    );
    const before = fc.constantFrom('', 'env A=1 ', 'timeout 5 ', 'nice nohup ', 'busybox ', '>out A=1 ');
    fc.assert(
      fc.property(name, before, fc.array(around, { maxLength: 3 }), (denied, prefix, layers) => {
        const text = layers.reduce((inner, layer) => layer(inner), `${prefix}${denied} -rf x`);
        for (const shell of ['sh', 'bash', '/bin/dash']) {
          expect(judge(exec([shell, '-c', text]), withDenylist('^rm ')).allowed, text).toBe(false);
          expect(judge(exec([shell, '-c', text]), withAllowlist('^ls', '^echo')).allowed, text).toBe(false);
        }
      }),
    );
  });
});

describe('any input', () => {
  it('is judged without throwing', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), fc.string(), (cmd, text) => {
        for (const mode of [{}, withAllowlist('^ls'), withDenylist('^rm')]) {
          expect(typeof judge(exec(cmd), mode).allowed).toBe('boolean');
          expect(typeof judge(exec(sh(text)), mode).allowed).toBe('boolean');
        }
      }),
    );
  });

  it('is refused rather than followed for ever when nested', () => {
    const cmd = [...Array.from({ length: 500 }, () => 'env'), 'ls'];
    expect(judge(exec(cmd), withAllowlist('^ls')).allowed).toBe(false);
    for (const opener of ['$(', `$\{x:-`, '"$(', '$((', '((', '`', '<<a ', '@(', '{a,', 'eval ', '( ']) {
      const text = opener.repeat(Math.floor(120_000 / opener.length));
      expect(judge(exec(sh(text)), withAllowlist('^ls')).allowed, opener).toBe(false);
    }
  });

  it('of a benign kind is never refused in mode none', () => {
    const word = fc
      .string({ unit: fc.constantFrom(...'abcxyz019 ;|&$"\'*?.-_日') })
      .filter((text) => !text.startsWith('--'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (cmd) => {
        expect(judge(exec(cmd)).allowed).toBe(true);
      }),
    );
  });
});
