import { z } from 'zod';
import type { Kind } from '../variable.ts';

/** Decimal digits only: `1e3`, `0x10`, `+5` and ` 5` are refused rather than read in one of two ways. */
export function wholeNumber(min: number, max: number): Kind<number> {
  return {
    parse: z
      .string()
      .regex(/^[0-9]{1,15}$/)
      .transform(Number)
      .pipe(z.number().min(min).max(max)),
    expected: `a whole number from ${min} to ${max}`,
  };
}

const BOOLEANS = { true: true, '1': true, false: false, '0': false } as const;

export const boolean: Kind<boolean> = {
  parse: z.enum(['true', 'false', '1', '0']).transform((text) => BOOLEANS[text]),
  expected: 'true, false, 1 or 0',
};

export function oneOf<const Choice extends string>(choices: readonly Choice[]): Kind<Choice> {
  return { parse: z.enum(choices), expected: `one of ${choices.join(', ')}` };
}

/** Any text that is not empty. */
export function text(expected: string): Kind<string> {
  return { parse: z.string().min(1), expected };
}

/** As the Docker CLI reads its switches: any text at all is yes, even `0` and `false`. */
export const nonEmptyIsTrue: Kind<boolean> = {
  parse: z.string().transform((given) => given !== ''),
  expected: 'anything for yes, empty or unset for no',
};
