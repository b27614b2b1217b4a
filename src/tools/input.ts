import type { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Tool, ToolDefinition } from './tool.ts';

/** Bounds, in characters and entries, that keep a refusal under 4 KB whatever was given. */
const MAX_SHOWN = 80;
const MAX_EXPECTED = 240;
const MAX_ISSUES = 5;
const MAX_KEYS = 5;
const MAX_KEY = 40;

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function shown(value: unknown): string {
  return shortened(JSON.stringify(value) ?? String(value), MAX_SHOWN);
}

/** The first entries of a list as `show` tells them, and how many more there are. */
function firstOf<Entry>(entries: readonly Entry[], most: number, show: (entry: Entry) => string): string[] {
  const more = entries.length > most ? [`and ${entries.length - most} more`] : [];
  return [...entries.slice(0, most).map(show), ...more];
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

function unknownKeys(keys: readonly string[]): string {
  return firstOf(keys, MAX_KEYS, (key) => `"${shortened(key, MAX_KEY)}"`).join(', ');
}

function sentence(issue: z.core.$ZodIssue, args: unknown): string {
  if (issue.code === 'unrecognized_keys') return `unknown argument ${unknownKeys(issue.keys)}`;
  const name = shortened(nameOf(issue.path), MAX_SHOWN);
  const given = valueAt(args, issue.path);
  return `${name === '' ? 'arguments' : name}: ${shortened(issue.message, MAX_EXPECTED)}${given === undefined ? '' : `, got ${shown(given)}`}`;
}

/** Checks a call's arguments. Throws INVALID_ARGUMENT that names each field, what was expected and what was given. */
export function parseInput<Input extends z.ZodType>(schema: Input, args: unknown): z.output<Input> {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  const sentences = firstOf(parsed.error.issues, MAX_ISSUES, (issue) => sentence(issue, args));
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
