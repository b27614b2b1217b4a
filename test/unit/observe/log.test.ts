import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createLogger, logCalls } from '../../../src/observe/log.ts';
import { denied, finished, started } from './events.ts';

async function capture(structuredLogs: boolean, logLevel: 'debug' | 'info' | 'warn' | 'error' = 'debug') {
  const lines: string[] = [];
  const logger = await createLogger({ logLevel, structuredLogs }, { write: (line) => void lines.push(line) });
  return { lines, logger, parsed: () => lines.map((line): Record<string, unknown> => JSON.parse(line)) };
}

describe('logCalls', () => {
  it('logs each event at its level with its traceId and without secrets', async () => {
    const { logger, parsed, lines } = await capture(true);
    const events = [started(), finished(), denied('token=abc\nforged')];
    for (const event of events) await logCalls(logger)(event);
    expect(parsed()).toMatchObject([
      { level: 'debug', argv: ['mysql', '-p[REDACTED]', 'db'], container: 'web', msg: 'Run started' },
      { level: 'info', outcome: 'exited', exitCode: 0, durationMs: 12, stdoutBytes: 5, msg: 'Call finished' },
      { level: 'warn', errorCode: 'POLICY_DENIED', rule: 'user.root', reason: 'token=[REDACTED]\nforged' },
    ]);
    expect(parsed().map(({ traceId }) => traceId)).toEqual(events.map(({ traceId }) => traceId));
    for (const line of lines) expect(line.indexOf('\n')).toBe(line.length - 1);
  });

  it.each([
    ['debug', 3],
    ['info', 2],
    ['warn', 1],
    ['error', 0],
  ] as const)('at level %s writes %i of three lines', async (level, count) => {
    const { logger, lines } = await capture(true, level);
    for (const event of [started(), finished(), denied()]) await logCalls(logger)(event);
    expect(lines).toHaveLength(count);
  });
});

describe('createLogger', () => {
  it('hides secrets in messages and errors', async () => {
    const { logger, lines } = await capture(true);
    logger.info('got password=hunter2');
    logger.info({ err: new Error('got password=hunter2') }, 'with %s', 'password=hunter2');
    logger.error(new Error('got password=hunter2'));
    logger.error({ err: new Error('got password=hunter2') });
    logger.error('%d of %s', 3, 'password=hunter2');
    expect(lines).toHaveLength(5);
    expect(lines.join('')).not.toContain('hunter2');
    expect(lines.join('')).toContain('with password=[REDACTED]');
  });

  it('writes one readable line a record, with control characters as escapes', async () => {
    const { logger, lines } = await capture(false);
    await logCalls(logger)(denied('a\n[12:00:00.000] INFO: forged \u001b[2J\u009b\u202e'));
    logger.error({ err: new Error('two\nlines') }, 'bad\r\nend');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] WARN: Call denied .*"traceId":"[0-9a-f]{32}"/);
    for (const line of lines) expect(line).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u202e]+\n$/);
  });

  it('writes JSON in which nothing acts on a terminal, and which reads as what was logged', async () => {
    const { logger, lines } = await capture(true);
    const reason = 'a\u009b2J\u202eb\u{e0041}c\u001b';
    await logCalls(logger)(denied(reason));
    expect(lines.join('')).not.toMatch(/[\u007f-\u009f\u202e]|\udb40/);
    expect(JSON.parse(lines.join(''))).toMatchObject({ reason });
  });

  it.each([true, false])('writes to stderr alone and loses nothing on exit (structured: %s)', (structuredLogs) => {
    const script = `
      import { createLogger } from './src/observe/log.ts';
      const logger = await createLogger({ logLevel: 'info', structuredLogs: ${structuredLogs} });
      for (let at = 0; at < 500; at++) logger.info('line ' + at);
      process.exit(0);`;
    const node = `'${process.execPath}' --import tsx --input-type=module -e "$SCRIPT"`;
    const command = `${node} 2>&1 >/dev/null | grep -c 'line '; ${node} 2>/dev/null | wc -c`;
    const out = execFileSync('sh', ['-c', command], { encoding: 'utf8', env: { ...process.env, SCRIPT: script } });
    expect(out.split(/\s+/).filter(Boolean)).toEqual(['500', '0']);
  });
});
