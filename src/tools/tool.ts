import type { z } from 'zod';
import type { AppError, ErrorBody } from '../errors.ts';
import type { ToolName } from '../observe/events.ts';
import type { TraceId } from '../protocol/ids.ts';
import type { OutputSink } from '../scheduler/session.ts';
import type { CallRecord } from './record.ts';

/** How a call's output gets to the client while it runs; present where the client gave a progress token. */
export interface Progress {
  /** The client's token as JSON text. */
  readonly tokenJson: string;
  readonly sink: OutputSink;
}

/** One tool call, free of anything of the protocol's. */
export interface ToolCall {
  readonly traceId: TraceId;
  readonly signal: AbortSignal;
  readonly progress: Progress | undefined;
  /** A fault of the request outside its arguments: the call is answered with it. */
  readonly refusal: AppError | undefined;
  /** What the audit will say of this call. */
  readonly record: CallRecord;
}

/** The answer to a call. `run` carries output as JSON-escaped bytes that go to the client untouched. */
export type ToolReply =
  | { readonly kind: 'data'; readonly structured: Readonly<Record<string, unknown>>; readonly text: string }
  | {
      readonly kind: 'run';
      readonly isError: boolean;
      /** Every field of the result but stdout and stderr. */
      readonly fields: Readonly<Record<string, unknown>> & { readonly notices: readonly string[] };
      /** One line that says how it ended. */
      readonly headline: string;
      readonly stdout: Uint8Array;
      readonly stderr: Uint8Array;
      /** The same as the text shows it. */
      readonly shown: Readonly<Record<'stdout' | 'stderr', Uint8Array>>;
    }
  | { readonly kind: 'error'; readonly error: ErrorBody & { readonly traceId: TraceId } };

export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export const READ_ONLY: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

export interface ToolDefinition<Input extends z.ZodType, Output extends z.ZodObject> {
  readonly name: ToolName;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly input: Input;
  /** Shape of a success; what goes wrong has `error` instead, see `toolSchemas`. */
  readonly output: Output;
  handle(input: z.output<Input>, call: ToolCall): Promise<ToolReply>;
}

/** A tool whose input type is known only to itself. */
export interface Tool extends Omit<ToolDefinition<z.ZodType, z.ZodObject>, 'handle'> {
  /** Validates, then handles. Throws AppError. */
  call(args: unknown, call: ToolCall): Promise<ToolReply>;
}
