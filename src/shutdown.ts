import type { Logger } from './observe/log.ts';

/** The contract's bound is 5 s; what is not done by then is left. */
const DEADLINE_MS = 4_500;
const FLUSH_MS = 200;

export interface Shutdown {
  /** Begins once; later reasons change nothing. */
  begin(reason: string): void;
  /** What has to happen; may be told after `begin`, which then waits for it. */
  onBegin(close: (reason: string) => Promise<void>): void;
}

/**
 * The one way down: running calls are cancelled like by the client, the audit is flushed, then the process exits with 0.
 * A `begin` during start-up waits until there is something to close.
 */
export function createShutdown(logger: Logger): Shutdown {
  let ready: (close: (reason: string) => Promise<void>) => void = () => undefined;
  const closing = new Promise<(reason: string) => Promise<void>>((resolve) => {
    ready = resolve;
  });
  let begun = false;
  const run = async (reason: string): Promise<void> => {
    logger.info({ reason }, 'Shutting down');
    setTimeout(() => exit(logger, 1), DEADLINE_MS);
    const close = await closing;
    await close(reason);
    exit(logger, 0);
  };
  return {
    begin: (reason) => {
      if (begun) return;
      begun = true;
      run(reason).catch((error) => {
        logger.error({ err: error }, 'Shutdown failed');
        exit(logger, 1);
      });
    },
    onBegin: (close) => ready(close),
  };
}

/** The last lines get a moment: a stderr that nobody reads takes none of them. */
function exit(logger: Logger, code: number): void {
  setTimeout(() => process.exit(code), FLUSH_MS);
  logger.flush(() => process.exit(code));
}

/** SIGTERM and SIGINT shut down; a second one exits at once. A dead stderr must not take the server with it. */
export function closeOnSignals(shutdown: Shutdown): void {
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    shutdown.begin(signal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.stderr.on('error', () => undefined);
}
