import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../config/schema.ts';
import { asEscapes } from '../display/escapes.ts';
import { redactArgv } from '../redaction/argv.ts';
import { redactObject } from '../redaction/object.ts';
import { redactText } from '../redaction/text.ts';
import type { CallDenied, CallFinished, CallListener, RunFacts, RunStarted } from './events.ts';

export type { Logger } from 'pino';

/** Acts on a terminal or hides text: C0, C1, DEL, line separators, bidi controls, tag characters. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\udb40[\udc00-\udc7f]/g;
const STDERR = 2;
/** Lines of a reader that does not read are dropped beyond this many bytes. */
const MAX_UNREAD_BYTES = 4_194_304;

/**
 * stderr as a place for lines. Lines still waiting when the process exits are written then, which would take for ever where
 * nobody reads: what a full pipe did not take is given up.
 */
function openStderr(): DestinationStream {
  let full = false;
  const retryEAGAIN = (): boolean => {
    full = true;
    return true;
  };
  const stderr = pino.destination({ fd: STDERR, sync: false, maxLength: MAX_UNREAD_BYTES, retryEAGAIN });
  stderr.on('write', () => {
    full = false;
  });
  process.prependOnceListener('exit', () => {
    if (full) stderr.destroy();
  });
  return stderr;
}

/**
 * The server's log. Lines go to stderr (stdout belongs to the protocol), by default as JSON, else readable with control characters
 * shown as escapes. Secrets in messages and errors are hidden. Lines still waiting are written when the process exits.
 */
export async function createLogger(
  config: Pick<Config, 'logLevel' | 'structuredLogs'>,
  stderr: DestinationStream = openStderr(),
): Promise<Logger> {
  return pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: hideInError },
      hooks: {
        logMethod(values, method) {
          const [first, message = messageOf(first), ...rest] = values;
          method.apply(this, [
            hide(first),
            typeof message === 'string' ? redactText(message) : message,
            ...rest.map(hide),
          ]);
        },
      },
    },
    config.structuredLogs ? structured(stderr) : await readable(stderr),
  );
}

/** Logs starts at debug, answers at info and refusals at warn, each with its traceId. */
export function logCalls(logger: Logger): CallListener {
  return (event) => {
    if (event.kind === 'run_started') return logStart(logger, event);
    return event.kind === 'call_finished' ? logEnd(logger, event) : logRefusal(logger, event);
  };
}

function logStart(logger: Logger, { traceId, tool, run, rule }: RunStarted): void {
  if (!logger.isLevelEnabled('debug')) return;
  logger.debug({ traceId, tool, ...runFields(run), argv: redactArgv(run.argv ?? []), rule }, 'Run started');
}

function logEnd(logger: Logger, { kind, traceId, tool, run, ...end }: CallFinished): void {
  logger.info({ traceId, tool, ...runFields(run), ...end }, 'Call finished');
}

function logRefusal(logger: Logger, { traceId, tool, run, errorCode, rule, reason }: CallDenied): void {
  logger.warn({ traceId, tool, ...runFields(run), errorCode, rule, reason: redactText(reason) }, 'Call denied');
}

function runFields({ execId, container, user }: Partial<RunFacts> = {}) {
  return { execId, container, user };
}

function hide(value: unknown): unknown {
  return typeof value === 'string' ? redactText(value) : value;
}

/** What pino would take for the message where none is given, past this module. */
function messageOf(value: unknown): string | undefined {
  if (value instanceof Error) return value.message;
  return typeof value === 'object' && value !== null && 'err' in value ? messageOf(value.err) : undefined;
}

function hideInError(error: Error): unknown {
  return redactObject({ ...pino.stdSerializers.err(error) }).value;
}

/** JSON leaves most of what acts on a terminal as it is. */
function structured(stderr: DestinationStream): DestinationStream {
  return { write: (line) => stderr.write(`${line.trimEnd().replace(CONTROL, asEscapes)}\n`) };
}

/** pino-pretty is loaded only here, and runs in this thread: a transport's worker would cost a thread and lose last lines. */
async function readable(stderr: DestinationStream): Promise<DestinationStream> {
  const { prettyFactory } = await import('pino-pretty');
  const format = prettyFactory({ colorize: false, singleLine: true, translateTime: 'SYS:HH:MM:ss.l' });
  return {
    write: (line) => {
      const text = String(format(line)).trimEnd();
      stderr.write(`${text.replace(CONTROL, asEscapes)}\n`);
    },
  };
}
