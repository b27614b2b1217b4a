import { z } from 'zod';
import type { Kind } from '../variable.ts';

/** Largest user or group id the container runtime accepts (runc's `maxID`). */
const MAX_ID = 2 ** 31 - 1;
const SPEC = /^([^:]+)(?::([^:]+))?$/;
/** No signs, spaces or digits first: the engine would read `+0` as the number 0. */
const NAME = /^[a-zA-Z_][a-zA-Z0-9_.-]*\$?$/;

function isIdOrName(part: string): boolean {
  return /^[0-9]+$/.test(part) ? Number(part) <= MAX_ID : NAME.test(part);
}

function partsOf(spec: string): string[] {
  const [, user, group] = SPEC.exec(spec) ?? [];
  return [user, group].filter((part) => part !== undefined);
}

function isSpec(spec: string): boolean {
  const parts = partsOf(spec);
  return parts.length > 0 && parts.every(isIdOrName);
}

/** `user[:group]`, each a name or a number, spelled in the one way that cannot be misread. */
export const user: Kind<string> = {
  parse: z.string().refine(isSpec, { error: 'signs, spaces, empty parts and larger numbers are refused' }),
  expected: `user or user:group, each a name or a number up to ${MAX_ID}`,
};

/** Whether a well-formed user spec names uid 0, gid 0 or root itself. Other names are resolved in the container, later. */
export function namesRoot(spec: string): boolean {
  return partsOf(spec).some((part) => part === 'root' || /^0+$/.test(part));
}
