import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CONFIG_KEYS, factsOf } from '../../src/config/schema.ts';
import { useEngine } from '../engine/use.ts';
import { runProgram } from './program.ts';

const engine = useEngine();
const NAMES = CONFIG_KEYS.map((key) => factsOf(key).name);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'cli-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

describe('--version and --help', () => {
  it.each(['--version', '-v'])('%s prints the version', async (flag) => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await runProgram([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each(['--help', '-h'])('%s names every command and every variable', async (flag) => {
    const { code, stdout, stderr } = await runProgram([flag]);
    expect([code, stderr]).toEqual([0, '']);
    for (const word of ['doctor', 'config', 'init', ...NAMES]) expect(stdout).toContain(word);
  });

  it('work where the configuration does not', async () => {
    expect(await runProgram(['--version'], { MCP_DOCKER_MAX_BYTES: 'x' })).toMatchObject({ code: 0 });
  });
});

describe('mistakes', () => {
  it.each([[['serve']], [['--what']], [['doctor', 'now']], [['--json']], [['config', '--what']]])(
    '%j ends with 2 and one line that leads on',
    async (args) => {
      const { code, stdout, stderr } = await runProgram(args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^mcp-docker-exec: .*--help\)\n$/);
    },
  );
});

describe('init', () => {
  it('prints an entry to stdout, and nothing else', async () => {
    const { code, stdout, stderr } = await runProgram(['init', 'vscode']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { servers: { docker: { command: 'npx' } } }]);
    expect(stderr).toContain('.vscode/mcp.json');
  });

  it('writes it where all projects find it', async () => {
    const home = folder();
    expect(await runProgram(['init', 'cursor', '--global', '--write'], { HOME: home })).toMatchObject({ code: 0 });
    const written = JSON.parse(readFileSync(join(home, '.cursor/mcp.json'), 'utf8'));
    expect(written).toMatchObject({ mcpServers: { docker: { args: ['-y', 'mcp-docker-exec'] } } });
  });
});

describe('config', () => {
  it('prints every value and where it comes from', async () => {
    const { code, stdout, stderr } = await runProgram(['config'], {
      DOCKER_HOST: engine.dockerHost,
      MCP_DOCKER_MAX_BYTES: '2048',
    });
    expect([code, stderr]).toEqual([0, '']);
    for (const name of NAMES) expect(stdout).toContain(name);
    expect(stdout).toMatch(/^MCP_DOCKER_MAX_BYTES +2048 +environment$/m);
    expect(stdout).toMatch(/^MCP_DOCKER_CHUNK_BYTES +16384 +default$/m);
    expect(stdout).toMatch(new RegExp(`^\\(engine\\) +${engine.dockerHost} +DOCKER_HOST$`, 'm'));
  });

  it('prints JSON', async () => {
    const { stdout } = await runProgram(['config', '--json'], { MCP_DOCKER_ALLOWED_CONTAINERS: 'web-*,label:a=b' });
    expect(JSON.parse(stdout)).toMatchObject({
      endpoint: { description: 'unix:///var/run/docker.sock', source: 'default' },
      variables: {
        MCP_DOCKER_ALLOWED_CONTAINERS: { value: ['web-*', 'label:a=b'], source: 'environment' },
        MCP_DOCKER_TIMEOUT_MS: { value: null, source: 'default' },
        MCP_DOCKER_SECURITY: { value: true, source: 'default' },
      },
    });
  });

  it('shows no password', async () => {
    const { stdout, stderr } = await runProgram(['config'], { DOCKER_HOST: 'tcp://me:hunter2@engine:2375' });
    expect(`${stdout}${stderr}`).not.toContain('hunter2');
    expect(`${stdout}${stderr}`).toContain('me:***@engine');
  });

  it('prints what is wrong and ends with 2', async () => {
    const { code, stdout, stderr } = await runProgram(['config'], { MCP_DOCKER_MAX_BYTES: '5', MCP_DOCKER_AUDIT: 'x' });
    expect(code).toBe(2);
    expect(`${stdout}${stderr}`).toMatch(/^MCP_DOCKER_MAX_BYTES: expected .*, got "5"$/m);
    expect(`${stdout}${stderr}`).toMatch(/^MCP_DOCKER_AUDIT: expected .*, got "x"$/m);
  });
});

describe('doctor', () => {
  it('finds everything well, in the order in which one needs the other, down to a command that runs', async () => {
    const { name } = await engine.run();
    const { code, stdout } = await runProgram(['doctor', '--container', name], { DOCKER_HOST: engine.dockerHost });
    expect([...stdout.matchAll(/^(.) ([^:]+): /gm)].map(([, mark, check]) => `${mark} ${check}`)).toEqual([
      '✓ Node.js',
      '✓ native module',
      '✓ configuration',
      '✓ endpoint',
      '✓ engine',
      '✓ engine version',
      '✓ socket',
      '✓ round trip',
      '✓ audit',
      '✓ security',
    ]);
    expect(stdout).toMatch(new RegExp(`round trip: a command ran in ${name} as 65534:65534 and was read`));
    expect(code).toBe(0);
  });

  it('says how to mend a container in which nothing can run', async () => {
    const { code, stdout } = await runProgram(['doctor', '--container', 'nobody'], { DOCKER_HOST: engine.dockerHost });
    expect(stdout).toMatch(/^✗ round trip: There is no container "nobody"\.\n {2}→ docker_ps/m);
    expect(code).toBe(1);
  });

  it('says how to mend an engine that is not there', async () => {
    const { code, stdout } = await runProgram(['doctor'], { DOCKER_HOST: `unix://${folder()}/none.sock` });
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ engine: .*\n {2}→ Start Docker .*DOCKER_HOST/);
  });

  it('says how to mend a wrong configuration', async () => {
    const { code, stdout } = await runProgram(['doctor'], { MCP_DOCKER_AUDITT: 'true' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ configuration: MCP_DOCKER_AUDITT: .*did you mean MCP_DOCKER_AUDIT\?\n {2}→ /);
  });

  it('says how to mend an audit file that cannot be written', async () => {
    const file = join(folder(), 'missing', 'audit.jsonl');
    const { code, stdout } = await runProgram(['doctor'], {
      DOCKER_HOST: engine.dockerHost,
      MCP_DOCKER_AUDIT_FILE: file,
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ audit: cannot write: .*\n {2}→ Create the directory/);
  });

  it('warns of what is open', async () => {
    const { code, stdout } = await runProgram(['doctor'], {
      DOCKER_HOST: engine.dockerHost,
      MCP_DOCKER_ALLOW_ROOT: 'true',
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/! security: commands may run as root/);
  });
});
