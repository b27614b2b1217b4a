import { redactArgv } from './argv.ts';
import { isSecretEntry, REDACTED } from './keys.ts';
import { redactShapes } from './shapes.ts';
import { redactText } from './text.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Keys whose strings name things (`auth:1.2` is an image): there only shapes are looked for. */
const REFERENCES = new Set(['Id', 'Image', 'ImageName', 'RepoTags', 'RepoDigests', 'Binds', 'Links', 'Name', 'Names']);

/**
 * A deep copy of a JSON value with the secrets in its strings hidden, and how many were. Only strings are replaced:
 * an object under a secret-sounding key (`SecretsConfig`) keeps its form. For Docker's own JSON: `Env`, `Labels`,
 * commands and their programs (`Path` + `Args`, `Entrypoint` + `Cmd`), options of log and volume drivers, all else.
 */
export function redactObject(value: unknown): { readonly value: unknown; readonly redactions: number } {
  const copy = redactValue(value, '');
  return { value: copy, redactions: count(copy) - count(value) };
}

function redactValue(value: unknown, key: string): unknown {
  if (typeof value === 'string') return redactString(value, key);
  if (isStrings(value)) return redactStrings(value, key);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, key));
  return isObject(value) ? redactMembers(value) : value;
}

function redactMembers(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const program = programOf(object, key);
      const whole = isStrings(value) && program.length > 0;
      return [key, whole ? redactArgv([...program, ...value]).slice(program.length) : redactValue(value, key)];
    }),
  );
}

/** What runs with the arguments under `key`: Docker keeps a program and its arguments apart. */
function programOf(object: JsonObject, key: string): readonly string[] {
  if (key === 'Args' && typeof object['Path'] === 'string') return [object['Path']];
  return key === 'Cmd' && isStrings(object['Entrypoint']) ? object['Entrypoint'] : [];
}

function redactStrings(values: readonly string[], key: string): string[] {
  if (REFERENCES.has(key)) return values.map(redactShapes);
  return redactArgv(values).map((value) => (isSecretEntry(key, value) ? REDACTED : value));
}

function redactString(value: string, key: string): string {
  if (isSecretEntry(key, value)) return REDACTED;
  return REFERENCES.has(key) ? redactShapes(value) : redactText(value);
}

function count(value: unknown): number {
  if (typeof value === 'string') return value.split(REDACTED).length - 1;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + count(item), 0);
  return isObject(value) ? count(Object.values(value)) : 0;
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
