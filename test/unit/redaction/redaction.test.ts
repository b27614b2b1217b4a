import { describe, expect, it } from 'vitest';
import { redactArgv } from '../../../src/redaction/argv.ts';
import { redactObject } from '../../../src/redaction/object.ts';
import { redactText } from '../../../src/redaction/text.ts';

const R = '[REDACTED]';
/** Tokens are put together here so that no scanner takes this file for a leak. */
const token = (...parts: string[]) => parts.join('');
const LONG = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0';

describe('redactText', () => {
  it.each([
    ['password=hunter2', `password=${R}`],
    ['PGPASSWORD=hunter2 psql -h db', `PGPASSWORD=${R} psql -h db`],
    [`export DB_PASS="a b 'c'"; run`, `export DB_PASS="${R}"; run`],
    [`token='it is "x"' next`, `token='${R}' next`],
    ['{"password": "p\\"w", "user": "bob"}', `{"password": "${R}", "user": "bob"}`],
    ['"{\\"api_key\\": \\"abc\\", \\"n\\": 1}"', `"{\\"api_key\\": \\"${R}\\", \\"n\\": 1}"`],
    ['secret="cut off her', `secret="${R}`],
    ['Authorization: Bearer abc.def', `Authorization: ${R}`],
    ['curl -H "Authorization: Basic dXNlcjpwYXNz" x', `curl -H "Authorization: ${R}" x`],
    ['curl "-HX-Api-Key: abc" x', `curl "-HX-Api-Key: ${R}" x`],
    ['psql "host=x password=y z=1"', `psql "host=x password=${R} z=1"`],
    ['addr=1.2.3.4,username=u,password=p', `addr=1.2.3.4,username=u,password=${R}`],
    ['got Bearer abcdef123456 there', `got Bearer ${R} there`],
    ['postgres://bob:hunter2@db:5432/x', `postgres://bob:${R}@db:5432/x`],
    ['redis://:hunter2@db', `redis://:${R}@db`],
    ['amqp://u:pa/ss@host/v', `amqp://u:${R}@host/v`],
    ['amqp://u:p@ss@host/v', `amqp://u:${R}@host/v`],
    ['https://x/?token=abc&page=2', `https://x/?token=${R}&page=2`],
    ['cmd: A=b,token=abc', `cmd: A=b,token=${R}`],
    ['Server=db;Password=a,b;Database=y', `Server=db;Password=${R};Database=y`],
    ['run --password hunter2 --user bob', `run --password ${R} --user bob`],
    ["run --api-key 'hunter 2' x", `run --api-key '${R}' x`],
    ["don't run --password hunter2", `don't run --password ${R}`],
    ['mysqldump -uroot -phunter2 db', `mysqldump -uroot -p${R} db`],
    ['mysql -psecret; tar -pxf a.tar', `mysql -p${R}; tar -pxf a.tar`],
    ['AWS_ACCESS_KEY_ID=x1 AccountKey=y2', `AWS_ACCESS_KEY_ID=${R} AccountKey=${R}`],
    [`-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4\n\nMII\n-----END RSA PRIVATE KEY----- z`, `${R} z`],
    ['-----BEGIN PRIVATE KEY-----\nMIIcut', R],
  ])('%j', (text, expected) => {
    expect(redactText(text)).toBe(expected);
    expect(redactText(expected)).toBe(expected);
  });

  it.each([
    token('AK', 'IA', 'IOSFODNN7EXAMPLE'),
    token('gh', 'p_', LONG),
    token('gh', 'o_', LONG),
    token('github', '_pat_', LONG),
    token('gl', 'pat-', LONG),
    token('xo', 'xb-', '1234-', LONG),
    token('ey', 'JhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxIn0.', 'sig_-na'),
    token('AI', 'za', LONG.slice(0, 35)),
    token('sk', '_live_', LONG),
    token('np', 'm_', LONG),
    token('sk', '-ant-api03-', LONG),
    token('sk', '-', LONG),
    token('sk', '-proj-', LONG),
  ])('a token by its shape: %s', (secret) => {
    expect(redactText(`see ${secret}, then`)).toBe(`see ${R}, then`);
    expect(redactText(`X=${secret}`)).toBe(`X=${R}`);
  });

  it.each([
    'AUTHOR=Jane Doe',
    'Author: Jane Doe',
    'TOKENIZERS_PARALLELISM=false',
    'MAX_TOKENS=4096',
    'MYSQL_ALLOW_EMPTY_PASSWORD=yes',
    'POSTGRES_PASSWORD_FILE=/run/secrets/pg',
    'POSTGRES_HOST_AUTH_METHOD=trust',
    'PWD=/app',
    'SSH_AUTH_SOCK=/run/agent',
    'GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568',
    'MonotonicKey=7',
    'COMPASS=north BYPASS=1',
    'http://localhost:8080/a@b',
    'https://git@github.com/x/y.git',
    'my-secrets:/run/secrets:ro',
    'docker login --password-stdin registry.example',
    'mkdir -p /srv/app',
    "it's a 'quoted' text",
    '',
  ])('is left alone: %j', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it.each([
    ['word', 'a'],
    ['option', '--password '],
    ['assignment', 'a='],
    ['secret', 'token='],
    ['mount', 'token:/'],
    ['quote', 'token="\\"'],
    ['single quote', "token='"],
    ['url', 'a://b:'],
    ['jwt', '-eyJaaaaa'],
    ['private key', '-----BEGIN PRIVATE KEY-----'],
    ['blank', ' '],
    ['bearer', 'Bearer '],
    ['dotted name', 'a.b-'],
    ['dash', '-'],
  ])('takes linear time on a repeated %s', (_, unit) => {
    const started = performance.now();
    redactText(unit.repeat(400_000 / unit.length));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('redactArgv', () => {
  it.each<[string[], string[]]>([
    [
      ['cmd', '--password', 'x', 'y'],
      ['cmd', '--password', R, 'y'],
    ],
    [
      ['cmd', '--password=a b', '-v'],
      ['cmd', `--password=${R}`, '-v'],
    ],
    [
      ['java', '-Dspring.password=x'],
      ['java', `-Dspring.password=${R}`],
    ],
    [
      ['/usr/bin/mysql', '-uroot', '-px', '-p', 'db'],
      ['/usr/bin/mysql', '-uroot', `-p${R}`, '-p', 'db'],
    ],
    [
      ['mariadb-dump', '-px'],
      ['mariadb-dump', `-p${R}`],
    ],
    [
      ['curl', '-u', 'bob:x', 'https://h'],
      ['curl', '-u', `bob:${R}`, 'https://h'],
    ],
    [
      ['curl', '-ubob:x', '--user=bob:x'],
      ['curl', `-ubob:${R}`, `--user=bob:${R}`],
    ],
    [
      ['curl', '-H', 'Authorization: Bearer x y'],
      ['curl', '-H', `Authorization: ${R}`],
    ],
    [
      ['curl', '-H', 'X-Api-Key:x'],
      ['curl', '-H', `X-Api-Key:${R}`],
    ],
    [
      ['redis-cli', '-a', 'x'],
      ['redis-cli', '-a', R],
    ],
    [
      ['env', 'SECRET=a b c', 'A=b'],
      ['env', `SECRET=${R}`, 'A=b'],
    ],
    [
      ['sh', '-c', 'mysql -px -e "select 1"'],
      ['sh', '-c', `mysql -p${R} -e "select 1"`],
    ],
    [
      ['mkdir', '-p', '/srv', 'docker', '-u', 'app:app'],
      ['mkdir', '-p', '/srv', 'docker', '-u', 'app:app'],
    ],
    [[], []],
  ])('%j', (argv, expected) => {
    expect(redactArgv(argv)).toEqual(expected);
  });
});

describe('redactObject', () => {
  it("hides the secrets in Docker's own JSON and counts them", () => {
    const inspected = {
      Id: 'sha256:ab',
      Path: 'mysql',
      Args: ['-psecret', 'db'],
      Image: 'auth:1.2',
      Config: {
        Env: ['PATH=/usr/bin', 'DB_PASSWORD=a b', 'AUTHOR=me', 'URL=http://u:p@h/'],
        Labels: { 'com.example.token': 'x', version: '1' },
        Entrypoint: ['mariadb'],
        Cmd: ['-px'],
        Healthcheck: { Test: ['CMD-SHELL', 'redis-cli -a x ping'], Interval: 5 },
      },
      HostConfig: { Binds: ['my-secrets:/run/secrets:ro'], LogConfig: { Config: { 'splunk-token': 'x' } } },
      SecretsConfig: { Names: ['one'], Nested: { password: 'x' } },
      AuthConfig: null,
      SandboxKey: '/var/run/docker/netns/1',
    };
    const before = structuredClone(inspected);
    expect(redactObject(inspected)).toEqual({
      value: {
        ...inspected,
        Args: [`-p${R}`, 'db'],
        Config: {
          Env: ['PATH=/usr/bin', `DB_PASSWORD=${R}`, 'AUTHOR=me', `URL=http://u:${R}@h/`],
          Labels: { 'com.example.token': R, version: '1' },
          Entrypoint: ['mariadb'],
          Cmd: [`-p${R}`],
          Healthcheck: { Test: ['CMD-SHELL', `redis-cli -a ${R} ping`], Interval: 5 },
        },
        HostConfig: { Binds: ['my-secrets:/run/secrets:ro'], LogConfig: { Config: { 'splunk-token': R } } },
        SecretsConfig: { Names: ['one'], Nested: { password: R } },
      },
      redactions: 8,
    });
    expect(inspected).toEqual(before);
  });

  it('keeps every kind of value and own keys such as __proto__', () => {
    const value: unknown = JSON.parse(
      '{"__proto__": {"secret": "x"}, "n": 1, "b": true, "z": null, "e": [], "m": [1, "a"]}',
    );
    const copy = redactObject(value);
    expect(JSON.stringify(copy.value)).toBe(
      `{"__proto__":{"secret":"${R}"},"n":1,"b":true,"z":null,"e":[],"m":[1,"a"]}`,
    );
    expect(copy.redactions).toBe(1);
  });

  it('does not count what was hidden before', () => {
    expect(redactObject({ password: R, tokens: ['a', 'b'] })).toEqual({
      value: { password: R, tokens: [R, R] },
      redactions: 2,
    });
  });
});
