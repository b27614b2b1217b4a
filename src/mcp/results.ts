import type { RequestId } from '@modelcontextprotocol/sdk/types.js';
import { shownText } from '../display/shown-text.ts';
import type { ToolReply } from '../tools/tool.ts';

type RunReply = Extract<ToolReply, { kind: 'run' }>;
type DataReply = Extract<ToolReply, { kind: 'data' }>;
type ErrorReply = Extract<ToolReply, { kind: 'error' }>;

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

/** The inside of a JSON string: escaped, without its quotes, and with nothing that acts on whoever reads it. */
function inside(text: string): string {
  return shownText(JSON.stringify(text).slice(1, -1));
}

function envelope(
  id: RequestId,
  isError: boolean,
  text: readonly Uint8Array[],
  structured: readonly Uint8Array[],
): Uint8Array[] {
  return [
    bytes(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[{"type":"text","text":"`),
    ...text,
    bytes('"}],"structuredContent":'),
    ...structured,
    bytes(`,"isError":${isError}}}\n`),
  ];
}

/** One channel of the human text; its bytes are in JSON form already. */
function section(title: string, produced: unknown, escaped: Uint8Array): Uint8Array[] {
  if (escaped.length === 0) return [];
  return [bytes(inside(`\n--- ${title} (${String(produced)} bytes of untrusted output) ---\n`)), escaped];
}

/** Every small field, so that a client that shows only text loses nothing. */
function factsLine(fields: RunReply['fields']): string {
  const { notices, ...rest } = fields;
  const facts = Object.entries(rest).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [facts.join(' '), ...notices.map((notice) => `Note: ${notice}`)].join('\n');
}

function renderRun(id: RequestId, reply: RunReply): Uint8Array[] {
  const { fields, stdout, stderr, shown } = reply;
  const text = [
    bytes(inside(`${reply.headline}\n${factsLine(fields)}`)),
    ...section('stdout', fields['stdoutBytes'], shown.stdout),
    ...section('stderr', fields['stderrBytes'], shown.stderr),
  ];
  const head = JSON.stringify(fields).slice(0, -1);
  const structured = [bytes(`${head},"stdout":"`), stdout, bytes('","stderr":"'), stderr, bytes('"}')];
  return envelope(id, reply.isError, text, structured);
}

function renderData(id: RequestId, reply: DataReply): Uint8Array[] {
  return envelope(id, false, [bytes(inside(reply.text))], [bytes(JSON.stringify(reply.structured))]);
}

function renderError(id: RequestId, { error }: ErrorReply): Uint8Array[] {
  const hint = error.hint === undefined ? '' : `\n${error.hint}`;
  const text = `${error.code}: ${error.message}${hint}\ntraceId: ${error.traceId}`;
  return envelope(id, true, [bytes(inside(text))], [bytes(shownText(JSON.stringify({ error })))]);
}

function render(id: RequestId, reply: ToolReply): Uint8Array[] {
  switch (reply.kind) {
    case 'run':
      return renderRun(id, reply);
    case 'data':
      return renderData(id, reply);
    case 'error':
      return renderError(id, reply);
  }
}

function size(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/**
 * The whole reply to a tools/call as bytes of one line. Output was escaped in the worker and is only put in place here. A
 * reply over `maxBytes` (runs were cut to fit; a large listing was not) becomes an error that says so.
 */
export function renderReply(
  id: RequestId,
  reply: ToolReply,
  options: { traceId: string; maxBytes: number },
): Uint8Array[] {
  const pieces = render(id, reply);
  if (size(pieces) <= options.maxBytes) return pieces;
  const message = `The answer has ${size(pieces)} bytes, more than MCP_DOCKER_MAX_MESSAGE_BYTES (${options.maxBytes}).`;
  const hint = 'Ask for less: a name filter, one object, fewer lines.';
  const text = `ENGINE_ERROR: ${message}\n${hint}\ntraceId: ${options.traceId}`;
  const error = { code: 'ENGINE_ERROR', message, hint, retryable: false, traceId: options.traceId };
  return envelope(id, true, [bytes(inside(text))], [bytes(JSON.stringify({ error }))]);
}
