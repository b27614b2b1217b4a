import type { EngineAnswer } from './request.ts';

/**
 * Reads fields of an engine's JSON answer, which is unknown until looked at. An absent field is its fallback, or an error where
 * there is none; one of another type is an error. Small on purpose: a schema library costs every worker thread 11 MB.
 */
export class JsonFields {
  readonly #fields: object;
  readonly #path: string;

  /** Throws TypeError where `value` is no object. `path` says in errors where it was found. */
  constructor(value: unknown, path = 'the answer') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(path, 'an object', value);
    this.#fields = value;
    this.#path = path;
  }

  text(name: string, fallback?: string): string {
    const value = this.#get(name, fallback);
    if (typeof value !== 'string') throw unexpected(this.#at(name), 'a string', value);
    return value;
  }

  flag(name: string, fallback?: boolean): boolean {
    const value = this.#get(name, fallback);
    if (typeof value !== 'boolean') throw unexpected(this.#at(name), 'true or false', value);
    return value;
  }

  /** A whole number; null where the engine says null. */
  count(name: string): number | null {
    const value = this.#get(name, null);
    if (value === null) return null;
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw unexpected(this.#at(name), 'a number', value);
    return value;
  }

  object(name: string): JsonFields {
    return new JsonFields(this.#get(name, undefined), this.#at(name));
  }

  /** Empty where it is absent. */
  objects(name: string): JsonFields[] {
    return this.#list(name).map((value, index) => new JsonFields(value, `${this.#at(name)}[${index}]`));
  }

  /** Empty where it is absent. */
  texts(name: string): string[] {
    return this.#list(name).map((value) => {
      if (typeof value !== 'string') throw unexpected(this.#at(name), 'strings', value);
      return value;
    });
  }

  /** An object whose values are strings; empty where it is absent. */
  dictionary(name: string): Record<string, string> {
    const value = this.#get(name, {});
    const fields = new JsonFields(value, this.#at(name));
    return Object.fromEntries(Object.keys(fields.#fields).map((key) => [key, fields.text(key)]));
  }

  #list(name: string): unknown[] {
    const value = this.#get(name, []);
    if (!Array.isArray(value)) throw unexpected(this.#at(name), 'a list', value);
    return value;
  }

  #get(name: string, fallback: unknown): unknown {
    const value: unknown = Object.hasOwn(this.#fields, name) ? Reflect.get(this.#fields, name) : undefined;
    return value ?? fallback;
  }

  #at(name: string): string {
    return `${this.#path}.${name}`;
  }
}

function unexpected(path: string, expected: string, given: unknown): TypeError {
  return new TypeError(
    `${path}: expected ${expected}, the engine gave ${JSON.stringify(given)?.slice(0, 80) ?? 'nothing'}`,
  );
}

function parsed(answer: EngineAnswer): unknown {
  return JSON.parse(answer.body.toString('utf8'));
}

/** An answer that is an object. Throws SyntaxError or TypeError. */
export function fieldsOf(answer: EngineAnswer): JsonFields {
  return new JsonFields(parsed(answer));
}

/** An answer that is a list of objects. Throws SyntaxError or TypeError. */
export function listOf(answer: EngineAnswer): JsonFields[] {
  const list = parsed(answer);
  if (!Array.isArray(list)) throw unexpected('the answer', 'a list', list);
  return list.map((one, index) => new JsonFields(one, `the answer[${index}]`));
}
