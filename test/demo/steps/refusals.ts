import { z } from 'zod';
import type { DemoServer } from '../server.ts';
import { errorOf, linesOf, must, type Step } from '../stage.ts';

/** The operator's policy during the demo. */
export const POLICY = {
  MCP_DOCKER_COMMAND_POLICY_MODE: 'denylist',
  MCP_DOCKER_COMMAND_PATTERNS: '^rm -rf ',
};

const REFUSED = [
  { cmd: ['whoami'], user: 'root' },
  { cmd: ['sh', '-c', 'cd /tmp && env timeout 9 rm -rf ./cache'] },
  { cmd: ['cat', '../proc/1/environ'], workdir: '/tmp' },
];

/** What the policy refuses, in words, and that the audit says so. */
export const refusals: Step = {
  title: 'Refused, and told why: root, a denied command inside a shell, a denied path',
  async show({ engine, server, screen }) {
    const { name } = await engine.run();
    for (const request of REFUSED) {
      const args = { id: name, ...request };
      screen.request('docker_exec', args);
      const reply = await server.call('docker_exec', args);
      must(reply.isError, 'the call is refused');
      const { code, message, hint } = errorOf(reply);
      screen.note(`${code}: ${message}`);
      if (hint !== undefined) screen.note(`hint: ${hint}`);
      must(code === 'POLICY_DENIED', 'the refusal is POLICY_DENIED');
    }
    const rules = deniedRules(server);
    must(rules.join() === 'user.root,command.denylist,command.paths', 'the audit has one denied record for each');
    screen.holds(`nothing was run; the audit has a denied record for each: ${rules.join(', ')}`);
  },
};

const deniedShape = z.object({ event: z.literal('denied'), rule: z.string(), hash: z.string() });

function deniedRules(server: DemoServer): string[] {
  const records = linesOf(server.stderr()).flatMap((line) => {
    const record = deniedShape.safeParse(JSON.parse(line));
    return record.success ? [record.data] : [];
  });
  return records.map(({ rule }) => rule);
}
