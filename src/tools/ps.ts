import { z } from 'zod';
import type { EngineClient } from '../engine/client.ts';
import { type ContainerSummary, listContainers } from '../engine/list.ts';
import type { Policy } from '../policy/policy.ts';
import { isVisible } from '../policy/rules/containers-allowed.ts';
import { redactObject } from '../redaction/object.ts';
import { defineTool } from './input.ts';
import { READ_ONLY, type Tool, type ToolReply } from './tool.ts';

const input = z.strictObject({
  all: z.boolean().default(false).describe('Stopped containers too.'),
  name: z.string().max(255).optional().describe('Only names that contain this text.'),
});

const output = z.object({
  containers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      names: z.array(z.string()),
      image: z.string(),
      state: z.string(),
      status: z.string(),
      health: z.string().optional(),
      created: z.string(),
      ports: z.array(z.string()),
      labels: z.record(z.string(), z.string()),
    }),
  ),
  total: z.int(),
});

function line(container: ContainerSummary): string {
  const { id, name, image, status, ports } = container;
  return [id.slice(0, 12), name, image, status, ports.join(', ')].filter((part) => part !== '').join(' · ');
}

async function handle(
  deps: { readonly engine: EngineClient; readonly policy: Policy },
  args: z.output<typeof input>,
): Promise<ToolReply> {
  const all = await listContainers(deps.engine, args.all);
  const wanted = all
    .filter((one) => isVisible(one, deps.policy))
    .filter((one) => args.name === undefined || one.names.some((name) => name.includes(args.name ?? '')));
  const containers = wanted.map((one) => ({ ...one, labels: redactObject(one.labels).value }));
  const total = wanted.length;
  const structured = { containers, total };
  const lines = [`${total} ${total === 1 ? 'container' : 'containers'}`, ...wanted.map(line)];
  return { kind: 'data', structured, text: [...lines, JSON.stringify(structured, null, 2)].join('\n') };
}

/** docker_ps: lists the containers the policy lets this client see. */
export function psTool(deps: { readonly engine: EngineClient; readonly policy: Policy }): Tool {
  return defineTool({
    name: 'docker_ps',
    title: 'List containers',
    description:
      'Lists Docker containers: running ones, or with all: true every one. Ids and names are what the other tools take.',
    annotations: READ_ONLY,
    input,
    output,
    handle: (args) => handle(deps, args),
  });
}
