import { z } from 'zod';
import type { EngineClient } from '../engine/client.ts';
import { resolveContainer } from '../engine/containers.ts';
import { inspectContainer, inspectObject, OBJECT_KINDS } from '../engine/objects.ts';
import type { Policy } from '../policy/policy.ts';
import { redactObject } from '../redaction/object.ts';
import { containerId, imageReference } from './fields.ts';
import { assertAllowed } from './guard.ts';
import { defineTool, parseInput } from './input.ts';
import { READ_ONLY, type Tool, type ToolCall, type ToolReply } from './tool.ts';

const input = z.strictObject({
  kind: z.enum(OBJECT_KINDS),
  id: z.string().describe('Name or id of the object.'),
});

const output = z.object({
  kind: z.enum(OBJECT_KINDS),
  id: z.string(),
  object: z.record(z.string(), z.unknown()).describe("Docker's own JSON, secrets as [REDACTED]."),
  redactions: z.int(),
});

interface InspectDeps {
  readonly engine: EngineClient;
  readonly policy: Policy;
}

/** A container is resolved and judged first; what is inspected is then exactly that one, by its full id. */
async function containerObject(deps: InspectDeps, id: string, call: ToolCall): Promise<unknown> {
  const container = await resolveContainer(deps.engine, id);
  call.record.run = { containerId: container.id, container: container.name };
  assertAllowed({ kind: 'inspect', container }, deps.policy);
  return inspectContainer(deps.engine, container.id);
}

/** Docker's own id of the object; volumes have only a name. */
function ownId(object: unknown, fallback: string): string {
  const id: unknown = typeof object === 'object' && object !== null ? Reflect.get(object, 'Id') : undefined;
  return typeof id === 'string' ? id : fallback;
}

async function handle(deps: InspectDeps, args: z.output<typeof input>, call: ToolCall): Promise<ToolReply> {
  const { kind } = args;
  const { id } = parseInput(z.object({ id: kind === 'image' ? imageReference : containerId }), { id: args.id });
  const found = await (kind === 'container' ? containerObject(deps, id, call) : inspectObject(deps.engine, kind, id));
  const { value: object, redactions } = redactObject(found);
  const text = `${kind} ${id} (${redactions} secrets redacted)\n${JSON.stringify(object, null, 2)}`;
  return { kind: 'data', structured: { kind, id: ownId(found, id), object, redactions }, text };
}

/** docker_inspect: Docker's own JSON of an object, without its secrets. */
export function inspectTool(deps: InspectDeps): Tool {
  return defineTool({
    name: 'docker_inspect',
    title: 'Inspect a Docker object',
    description:
      "Returns Docker's own JSON of a container, image, network or volume, with secrets replaced by [REDACTED].",
    annotations: READ_ONLY,
    input,
    output,
    handle: (args, call) => handle(deps, args, call),
  });
}
