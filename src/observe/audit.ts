import type { Writable } from 'node:stream';
import type { Config } from '../config/schema.ts';
import { AppError } from '../errors.ts';
import { seal } from './audit/chain.ts';
import { isDevice, openDeviceSink } from './audit/device-sink.ts';
import { type OpenFile, openOnDisk } from './audit/file.ts';
import { type AuditQueue, createAuditQueue } from './audit/queue.ts';
import { toAuditRecord } from './audit/record.ts';
import { type AuditSink, openFileSink } from './audit/sink.ts';
import { openStreamSink } from './audit/stream-sink.ts';
import type { CallListener } from './events.ts';

export type AuditConfig = Pick<Config, 'audit' | 'auditFile' | 'auditRetentionDays' | 'auditOnError'>;

export interface AuditDeps {
  readonly warn: (message: string, cause?: unknown) => void;
  /** Where records go without a file. */
  readonly stderr?: Writable;
  readonly now?: () => Date;
  readonly openFile?: OpenFile;
}

export interface Audit {
  /** Resolves when the event is written and flushed; throws AUDIT_FAILED where it cannot be and `auditOnError` is deny. */
  readonly listener: CallListener;
  /** Writes what still waits, then lets the file go. Later events fail. */
  readonly close: () => Promise<void>;
}

/**
 * The hash-chained record of every call. Throws an Error that names MCP_DOCKER_AUDIT_FILE where that file cannot be
 * used: then the server must not start.
 */
export async function createAudit(config: AuditConfig, deps: AuditDeps): Promise<Audit> {
  if (!config.audit) return { listener: () => undefined, close: async () => undefined };
  const now = deps.now ?? (() => new Date());
  const sink = await openSink(config, { ...deps, now });
  const queue = createAuditQueue(createCommit(sink));
  let closed = false;
  return {
    listener: async (event) => {
      try {
        if (closed) throw new Error('the audit is closed');
        await queue.add(toAuditRecord(event, now()));
      } catch (error) {
        if (config.auditOnError === 'deny') throw toAuditError(error);
        deps.warn(`Audit record of call ${event.traceId} was not written`, error);
      }
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await settle(queue, sink);
    },
  };
}

async function openSink(config: AuditConfig, deps: AuditDeps & { readonly now: () => Date }): Promise<AuditSink> {
  const path = config.auditFile;
  if (path === undefined) return openStreamSink(deps.stderr ?? process.stderr);
  const { now, warn, openFile = openOnDisk } = deps;
  try {
    if (await isDevice(path)) return await openDeviceSink(path, openFile);
    return await openFileSink(path, { retentionDays: config.auditRetentionDays, now, warn, openFile });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`MCP_DOCKER_AUDIT_FILE: expected a regular file that can be appended to, got ${path}: ${why}`, {
      cause: error,
    });
  }
}

/** The chain moves on only when a batch is on disk: one that failed leaves no gap. */
function createCommit(sink: AuditSink): Parameters<typeof createAuditQueue>[0] {
  let prev = sink.prev;
  return async (records, day) => {
    let hash = prev;
    const lines = records.map((record) => {
      const sealed = seal(record, hash);
      hash = sealed.hash;
      return sealed.line;
    });
    await sink.append(lines.join(''), day);
    prev = hash;
  };
}

async function settle(queue: AuditQueue, sink: AuditSink): Promise<void> {
  await queue.idle();
  await sink.close();
}

function toAuditError(error: unknown): AppError {
  const why = error instanceof Error ? error.message : String(error);
  return new AppError('AUDIT_FAILED', `The call could not be written to the audit: ${why}`, {
    cause: error,
    hint: "Make the server's audit file writable again (free space, permissions), or set MCP_DOCKER_AUDIT_ON_ERROR=warn.",
  });
}
