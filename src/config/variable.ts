import { z } from 'zod';

/** How the text of one kind of variable becomes a value, and the words for what is accepted. */
export interface Kind<Value> {
  readonly parse: z.ZodType<Value, string>;
  /** Completes the sentence `expected …`. */
  readonly expected: string;
}

/** What is said of a variable in faults, in `--help`, in `config` and in the generated documentation. */
export interface VariableFacts {
  readonly name: string;
  readonly expected: string;
  /** One line, no full stop. */
  readonly doc: string;
  /** The default as the documentation shows it. */
  readonly shownDefault: string;
  /** Whether the empty string means the same as not setting the variable. Where it does not, it is a fault. */
  readonly emptyIsUnset: boolean;
  /** Hides secrets before a value is shown anywhere. */
  readonly mask: (text: string) => string;
}

export const variableFacts = z.registry<VariableFacts>();

type Extras = Partial<Pick<VariableFacts, 'shownDefault' | 'emptyIsUnset' | 'mask'>>;

const unchanged = (text: string): string => text;

/** A variable with a default. */
export function variable<Value>(
  name: string,
  kind: Kind<Value>,
  fallback: z.core.util.NoUndefined<Value>,
  doc: string,
  extras: Extras = {},
) {
  return kind.parse.default(fallback).register(variableFacts, {
    name,
    expected: kind.expected,
    doc,
    shownDefault: String(fallback),
    emptyIsUnset: false,
    mask: unchanged,
    ...extras,
  });
}

/** A variable that may stay unset. */
export function optionalVariable<Value>(name: string, kind: Kind<Value>, doc: string, extras: Extras = {}) {
  return kind.parse.optional().register(variableFacts, {
    name,
    expected: kind.expected,
    doc,
    shownDefault: 'unset',
    emptyIsUnset: true,
    mask: unchanged,
    ...extras,
  });
}
