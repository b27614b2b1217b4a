import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArguments } from './cli/arguments.ts';
import { packageVersion } from './cli/package-version.ts';
import { runSubCommand, type SubCommand } from './cli/run.ts';
import { ConfigError, faultLine } from './config/fault.ts';
import { readEnvironment, takeDockerEnvironment } from './config/load.ts';
import { loadSettings } from './config/settings.ts';
import { createEngineClient } from './engine/client.ts';
import { resolveEndpoint } from './engine/endpoint.ts';
import { LoginPlaces } from './engine/ssh/login-places.ts';
import { engineVersion } from './engine/version.ts';
import type { WorkerSettings } from './execution/settings.ts';
import { chooseDemuxer } from './frames/choose.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { Writer } from './mcp/writer.ts';
import { createAudit } from './observe/audit.ts';
import { createPublisher } from './observe/events.ts';
import { createLogger, logCalls } from './observe/log.ts';
import { serveMetrics } from './observe/metrics/server.ts';
import { createMetrics } from './observe/metrics.ts';
import { compilePolicy } from './policy/policy.ts';
import { roundTrip } from './round-trip.ts';
import { createRuns } from './scheduler/runs.ts';
import { createServer } from './server.ts';
import { closeOnSignals, createShutdown } from './shutdown.ts';

const DOCTOR_PATIENCE_MS = 5_000;
const WORKER = fileURLToPath(new URL('../workers/run.js', import.meta.url));

function say(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

function subCommand(command: SubCommand): Promise<number> {
  const environment = readEnvironment();
  return runSubCommand(command, {
    environment,
    nodeVersion: process.version,
    write: (text) => void process.stdout.write(text),
    note: say,
    machine: () => ({ platform: process.platform, home: homedir(), project: process.cwd(), environment }),
    resolveEndpoint,
    pingEngine: async (endpoint) => {
      const engine = createEngineClient(endpoint);
      return engineVersion(engine, DOCTOR_PATIENCE_MS).finally(() => engine.close());
    },
    roundTrip,
    loadDemuxer: (config) => chooseDemuxer(config.native),
  });
}

/** Wires every part and serves until the client goes or a signal comes. */
async function startServer(): Promise<void> {
  const { config, endpoint } = loadSettings(readEnvironment(), resolveEndpoint);
  const demuxer = chooseDemuxer(config.native);
  const policy = compilePolicy(config);
  takeDockerEnvironment();
  const logger = await createLogger(config);
  const audit = await createAudit(config, { warn: (message, cause) => logger.warn({ err: cause }, message) });
  const logins = new LoginPlaces();
  process.once('exit', () => logins.endAll());
  const engine = createEngineClient(endpoint, logins);
  const workerData: WorkerSettings = { endpoint, native: config.native, logins: logins.memory };
  const keepThreads = endpoint.kind === 'ssh';
  const places = {
    places: config.maxConcurrent,
    maxQueue: config.maxQueue,
    filename: WORKER,
    workerData,
    keepThreads,
  };
  const execs = createRuns(places);
  const logs = createRuns(places);
  const metrics = createMetrics({
    running: () => execs.stats().running + logs.stats().running,
    queued: () => execs.stats().queued + logs.stats().queued,
  });
  const metricsServer = config.metricsPort === undefined ? undefined : await serveMetrics(config.metricsPort, metrics);
  const shutdown = createShutdown(logger);
  closeOnSignals(shutdown);
  const server = await createServer({
    config,
    version: packageVersion(),
    engine,
    policy,
    takeToken: createRateLimits(config, () => performance.now()),
    publish: createPublisher([audit.listener, metrics.listener, logCalls(logger)]),
    execs,
    logs,
    demuxer: { kind: demuxer.kind, wanted: config.native !== 'off' },
    metrics: metrics.snapshot,
    stdin: process.stdin,
    writer: new Writer(
      process.stdout,
      (error) => shutdown.begin(`stdout is gone: ${error.message}`),
      () => demuxer.unreadBytes(process.stdout.fd),
    ),
    onClosed: () => shutdown.begin('stdin has ended'),
    onError: (error) => logger.warn({ err: error }, 'Protocol error'),
    onDefect: (error, { traceId }) => logger.error({ err: error.cause ?? error, traceId }, 'Defect'),
  });
  shutdown.onBegin(async (reason) => {
    await server.close(reason);
    await audit.close();
    await Promise.all([execs.close(), logs.close(), metricsServer?.close()]);
    engine.close();
  });
  const { reason } = demuxer;
  logger.info(
    { engine: endpoint.description, demuxer: demuxer.kind, ...(reason === undefined ? {} : { reason }) },
    'Serving',
  );
}

/** A configuration that cannot be used stops the start with 2 and one line a fault. */
function refuseStart(error: unknown): void {
  if (error instanceof ConfigError) say(error.faults.map(faultLine).join('\n'));
  else say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

/** Does what the command line asks for. */
export async function main(): Promise<void> {
  const command = parseArguments(process.argv.slice(2));
  if (command.kind === 'mistake') {
    say(command.message);
    process.exitCode = 2;
    return;
  }
  if (command.kind !== 'serve') {
    process.exitCode = await subCommand(command);
    return;
  }
  await startServer().catch(refuseStart);
}
