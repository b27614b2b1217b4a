import { randomBytes } from 'node:crypto';

declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

/** Our id of one run: `ex_` and 12 url-safe characters. Not the engine's exec id. */
export type ExecId = Brand<'ExecId'>;
/** Id of one tool call, in every log line, audit record and result. */
export type TraceId = Brand<'TraceId'>;
/** A container's full 64 hex digits: what was checked is what is run. */
export type ContainerId = Brand<'ContainerId'>;

export function newExecId(): ExecId {
  return `ex_${randomBytes(9).toString('base64url')}` as ExecId;
}

export function newTraceId(): TraceId {
  return randomBytes(16).toString('hex') as TraceId;
}

/** Throws TypeError on anything but the engine's full id. */
export function toContainerId(text: string): ContainerId {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new TypeError(`Not a full container id: ${JSON.stringify(text)}`);
  return text as ContainerId;
}
