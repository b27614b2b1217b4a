import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/errors.ts';
import type { CallEvent } from '../../../src/observe/events.ts';
import { newTraceId } from '../../../src/protocol/ids.ts';
import { answer } from '../../../src/tools/answer.ts';
import { defineTool } from '../../../src/tools/input.ts';
import { CallRecord } from '../../../src/tools/record.ts';
import { READ_ONLY, type ToolCall, type ToolReply } from '../../../src/tools/tool.ts';

const DATA: ToolReply = { kind: 'data', structured: {}, text: 'fine' };
const RUN: ToolReply = {
  kind: 'run',
  isError: false,
  fields: { notices: ['first'] },
  headline: '',
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  shown: { stdout: new Uint8Array(), stderr: new Uint8Array() },
};

interface Scene {
  readonly handle?: (call: ToolCall) => Promise<ToolReply>;
  readonly closing?: boolean;
  readonly aborted?: boolean;
  readonly refusal?: AppError;
  readonly publish?: () => Promise<void>;
}

async function play({ handle = async () => DATA, closing = false, aborted = false, refusal, publish }: Scene) {
  const events: CallEvent[] = [];
  const defects: AppError[] = [];
  const tool = defineTool({
    name: 'docker_ps',
    title: '',
    description: '',
    annotations: READ_ONLY,
    input: z.strictObject({}),
    output: z.object({}),
    handle: (_input, call) => handle(call),
  });
  const signal = aborted ? AbortSignal.abort() : new AbortController().signal;
  const call = { traceId: newTraceId(), signal, progress: undefined, refusal, record: new CallRecord() };
  const reply = await answer(tool, {}, call, {
    publish: async (event) => {
      events.push(event);
      await publish?.();
    },
    onDefect: (error) => void defects.push(error),
    closing: () => closing,
  });
  return { reply, events, defects };
}

function failing(error: unknown): Scene {
  return { handle: () => Promise.reject(error) };
}

describe('every call is told of once', () => {
  it('as finished where it was answered', async () => {
    const { reply, events } = await play({});
    expect(reply).toBe(DATA);
    expect(events).toEqual([expect.objectContaining({ kind: 'call_finished', tool: 'docker_ps' })]);
    expect(events[0]).not.toHaveProperty('errorCode');
  });

  it.each(['INVALID_ARGUMENT', 'POLICY_DENIED', 'RATE_LIMITED', 'QUEUE_FULL', 'SHUTTING_DOWN'] as const)(
    'as denied where the server refused it (%s)',
    async (code) => {
      const { reply, events } = await play(failing(new AppError(code, 'no', { rule: 'a.rule' })));
      expect(reply).toMatchObject({ kind: 'error', error: { code } });
      expect(events).toEqual([expect.objectContaining({ kind: 'call_denied', errorCode: code, rule: 'a.rule' })]);
    },
  );

  it.each(['CONTAINER_NOT_FOUND', 'ENGINE_UNREACHABLE', 'COMMAND_NOT_FOUND'] as const)(
    'as finished where it failed past the checks (%s)',
    async (code) => {
      const { events } = await play(failing(new AppError(code, 'no')));
      expect(events).toEqual([expect.objectContaining({ kind: 'call_finished', errorCode: code })]);
    },
  );

  it('as cancelled where the client went away, whatever was thrown', async () => {
    const { events, defects } = await play({ ...failing(new Error('aborted')), aborted: true });
    expect(events).toEqual([expect.objectContaining({ kind: 'call_finished', outcome: 'cancelled' })]);
    expect([events[0] !== undefined && 'errorCode' in events[0], defects]).toEqual([false, []]);
  });
});

it('begins nothing while the server is going down', async () => {
  const { reply, events } = await play({ handle: () => Promise.reject(new Error('began')), closing: true });
  expect(reply).toMatchObject({ error: { code: 'SHUTTING_DOWN' } });
  expect(events).toEqual([expect.objectContaining({ kind: 'call_denied', rule: 'shutdown' })]);
});

it('begins nothing for a request that is at fault outside its arguments', async () => {
  const refusal = new AppError('INVALID_ARGUMENT', 'a fault');
  const { reply, events } = await play({ handle: () => Promise.reject(new Error('began')), refusal });
  expect(reply).toMatchObject({ kind: 'error', error: { code: 'INVALID_ARGUMENT', message: 'a fault' } });
  expect(events).toEqual([expect.objectContaining({ kind: 'call_denied', rule: 'input', reason: 'a fault' })]);
});

it('shows a defect as INTERNAL and tells the operator', async () => {
  const cause = new TypeError('x is not a function');
  const { reply, defects } = await play(failing(cause));
  expect(reply).toMatchObject({ kind: 'error', error: { code: 'INTERNAL', retryable: false } });
  expect(defects.map((error) => error.cause)).toEqual([cause]);
});

describe('where the end cannot be recorded', () => {
  const publish = () => Promise.reject(new AppError('AUDIT_FAILED', 'the disk is full'));

  it('an answer is refused', async () => {
    expect((await play({ publish })).reply).toMatchObject({ kind: 'error', error: { code: 'AUDIT_FAILED' } });
  });

  it('a run that happened is told of, with a notice', async () => {
    const handle = async (call: ToolCall): Promise<ToolReply> => {
      call.record.started = true;
      return RUN;
    };
    expect((await play({ handle, publish })).reply).toMatchObject({
      kind: 'run',
      fields: { notices: ['first', expect.stringContaining('the disk is full')] },
    });
  });
});
