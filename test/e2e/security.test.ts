import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { ALLOWLIST, argvOf, type CommandLike, DENYLIST } from '../security/case.ts';
import { RUNS_ID } from '../security/corpus/commands.ts';
import { REACHES_DENIED } from '../security/corpus/paths.ts';
import { specCases } from '../security/corpus/users.ts';
import { openServer, type TestServer } from './client.ts';
import { execResult, failure } from './results.ts';

/** The dangerous cases of the corpus in a real container: what `id` says there is the witness. */
const engine = useEngine();
let container: TestContainer;
let open: TestServer;
let guarded: readonly TestServer[];

beforeAll(async () => {
  container = await engine.run({ flags: ['--workdir', '/tmp'] });
  const base = { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_RATE_LIMITS: 'false', MCP_DOCKER_AUDIT: 'false' };
  const start = (env: Record<string, string>) => openServer({ env: { ...base, ...env } });
  [open, ...guarded] = await Promise.all([start({}), start(DENYLIST), start(ALLOWLIST)]);
});

afterAll(async () => {
  await Promise.all([open, ...guarded].map((server) => server.close()));
});

async function codeOf(server: TestServer, args: Readonly<Record<string, unknown>>): Promise<string> {
  const reply = await server.call('docker_exec', { id: container.id, ...args });
  return reply.isError ? failure.parse(reply.structured).error.code : execResult.parse(reply.structured).stdout;
}

function shown(command: CommandLike): string {
  return typeof command === 'string' ? command : command.join(' ');
}

describe('a way to run a program that is not to run', () => {
  it.each(RUNS_ID.map((command) => ({ name: shown(command), cmd: argvOf(command) })))(
    'works without a list and is refused with one: $name',
    async ({ cmd }) => {
      expect(await codeOf(open, { cmd, stdin: '\n', timeoutMs: 20_000 })).toMatch(/uid=65534|nobody/);
      for (const server of guarded) expect(await codeOf(server, { cmd, stdin: '\n' })).toBe('POLICY_DENIED');
    },
  );
});

describe('a user', () => {
  it.each(specCases)('$name: $expected.verdict', async ({ input, expected }) => {
    const seen = await codeOf(open, input);
    if (expected.verdict === 'denied') return expect(seen).toBe(expected.code);
    expect(seen).toMatch(new RegExp(`^uid=${expected.user?.replace(/:/, String.raw`\b.* gid=`)}\\b`));
    expect(seen).not.toMatch(/[=,]0\b/);
  });
});

describe('a denied path', () => {
  it('is refused before anything runs, however it is written', async () => {
    const commands = REACHES_DENIED.filter((command) => argvOf(command).length < 100);
    const codes = await Promise.all(commands.map((command) => codeOf(open, { cmd: argvOf(command), workdir: '/usr' })));
    expect(codes.filter((code) => code !== 'POLICY_DENIED')).toEqual([]);
  });
});
