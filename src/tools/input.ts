import type { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Tool, ToolDefinition } from './tool.ts';

const MAX_SHOWN = 80;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function valueAt(args: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    args,
  );
}

function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

function sentence(issue: z.core.$ZodIssue, args: unknown): string {
  if (issue.code === 'unrecognized_keys') return `unknown argument ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  const name = nameOf(issue.path);
  const given = valueAt(args, issue.path);
  return `${name === '' ? 'arguments' : name}: ${issue.message}${given === undefined ? '' : `, got ${shown(given)}`}`;
}

/** Checks a call's arguments. Throws INVALID_ARGUMENT that names each field, what was expected and what was given. */
export function parseInput<Input extends z.ZodType>(schema: Input, args: unknown): z.output<Input> {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map((issue) => sentence(issue, args));
  throw new AppError('INVALID_ARGUMENT', `Invalid arguments: ${sentences.join('; ')}.`, {
    hint: 'Correct the named fields; tools/list has the schema of every tool.',
  });
}

/** Closes a definition over its input type, so that tools of all kinds fit one list. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { handle, ...rest } = definition;
  return { ...rest, call: async (args, call) => handle(parseInput(definition.input, args), call) };
}
