import { type Answer, json } from './answers.ts';

/** A place in an answer: that many bytes in, or where its body begins. */
export type Position = number | 'body';

/**
 * How bytes leave: as one packet, byte by byte, or only those before `at` and then nothing more, the end of the connection,
 * or its reset (a unix socket knows no reset, there it is the end).
 */
export type Sending =
  | { readonly kind: 'whole' }
  | { readonly kind: 'bytewise' }
  | { readonly kind: 'stop'; readonly at: Position; readonly after: 'silence' | 'end' | 'reset' };

/** What goes wrong with the answers of one endpoint: another answer than the right one, another way to send it, or both. */
export interface Fault {
  readonly answer?: Answer;
  readonly sending?: Sending;
}

/** Says nothing (more) from there on, and keeps the connection. */
export function silence(at: Position = 0): Fault {
  return { sending: { kind: 'stop', at, after: 'silence' } };
}

/** Breaks the connection off there. */
export function cut(at: Position, after: 'end' | 'reset' = 'end'): Fault {
  return { sending: { kind: 'stop', at, after } };
}

/** Right, but a packet for each byte. */
export const BYTEWISE: Fault = { sending: { kind: 'bytewise' } };

export function instead(answer: Answer): Fault {
  return { answer };
}

/** An error as the engine words it. */
export function refusal(status: number, message: string): Fault {
  return instead(json(status, { message }));
}
