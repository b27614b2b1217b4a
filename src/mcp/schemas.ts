import type { Tool as ToolDescription } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { Tool } from '../tools/tool.ts';

const errorShape = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  retryable: z.boolean(),
  retryAfterMs: z.number().optional(),
  traceId: z.string(),
});

type JsonObject = Record<string, object>;

interface ObjectSchema {
  readonly properties: JsonObject;
  readonly required: string[];
}

/** Draft 7, which is what clients' validators take when a schema does not say; the `$schema` line would only cost room. */
function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): z.core.JSONSchema.BaseSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => dropSafeBounds(jsonSchema),
  });
  return rest;
}

/** zod writes JavaScript's own integer bounds into every integer: no news to a client, and a fifth of the whole answer. */
function dropSafeBounds(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

function objectSchema(schema: z.ZodType, io: 'input' | 'output'): ObjectSchema {
  const { properties = {}, required = [] } = toJsonSchema(schema, io);
  const described: JsonObject = {};
  for (const [name, property] of Object.entries(properties)) {
    if (typeof property === 'object') described[name] = property;
  }
  return { properties: described, required };
}

/**
 * The tool as tools/list shows it. A failure carries `error` in place of the result, and clients validate that against the
 * output schema as well, so the schema allows either.
 */
export function describe(tool: Tool): ToolDescription {
  const input = objectSchema(tool.input, 'input');
  const success = objectSchema(tool.output, 'output');
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    annotations: { title: tool.title, ...tool.annotations },
    inputSchema: { type: 'object', ...input, additionalProperties: false },
    outputSchema: {
      type: 'object',
      properties: { ...success.properties, error: toJsonSchema(errorShape, 'output') },
      anyOf: [{ required: success.required }, { required: ['error'] }],
    },
  };
}
