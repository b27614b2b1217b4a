import { type Engine, startEngine } from '../engine/engine.ts';
import { createScreen, type Screen, wantsColours } from './screen.ts';
import { startServer } from './server.ts';
import type { Stage, Step } from './stage.ts';
import { buffered } from './steps/buffered.ts';
import { followedLog } from './steps/followed-log.ts';
import { health } from './steps/health.ts';
import { POLICY, refusals } from './steps/refusals.ts';
import { streaming } from './steps/streaming.ts';
import { timeout } from './steps/timeout.ts';

const STEPS: readonly Step[] = [buffered, streaming, followedLog, timeout, refusals, health];

/** Set by Ctrl-C: what the steps then still have to say is of no interest. */
let interruptedBy: NodeJS.Signals | undefined;

const screen = createScreen(
  (text) => void (interruptedBy ?? process.stdout.write(text)),
  wantsColours(process.stdout, process.env),
);

/** Shows every step, also after one that failed. Returns how many did not behave as shown. */
async function perform(stage: Stage): Promise<number> {
  let failures = 0;
  for (const step of STEPS) {
    screen.heading(step.title);
    await step.show(stage).catch((error: unknown) => {
      failures += 1;
      screen.fails(error instanceof Error ? error.message : String(error));
    });
  }
  return failures;
}

async function showOn(engine: Engine): Promise<number> {
  const server = await startServer({ DOCKER_HOST: engine.dockerHost, ...POLICY });
  try {
    titlePage(screen, engine, await engine.docker(['version', '--format', '{{.Server.Version}}']));
    const failures = await perform({ engine, server, screen });
    if (failures > 0 && interruptedBy === undefined)
      process.stderr.write(`\nThe server's own log:\n${server.stderr()}`);
    return failures;
  } finally {
    await server.close();
  }
}

function titlePage(to: Screen, engine: Engine, version: { readonly stdout: Buffer }): void {
  const where = engine.kind === 'private' ? 'a private one, started for this demo' : 'the one of this machine';
  to.title('mcp-docker-exec: a short demo', [
    `Engine: Docker ${version.stdout.toString().trim()}, ${where}. Server: node dist/src/main.js over stdio.`,
    `Policy: ${Object.entries(POLICY)
      .map((entry) => entry.join('='))
      .join(' ')}; the rest are defaults.`,
  ]);
}

/** Resolves with the exit code a shell would give the first signal. */
function interrupted(): Promise<number> {
  const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
  return new Promise((resolve) => {
    const interrupt = (signal: keyof typeof exitCodes): void => {
      interruptedBy = signal;
      resolve(exitCodes[signal]);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  });
}

async function finished(starting: Promise<Engine>): Promise<number> {
  const failures = await showOn(await starting);
  if (interruptedBy !== undefined) return 1;
  const verdict = failures === 0 ? 'Everything behaved as shown.' : `${failures} of ${STEPS.length} steps did not.`;
  process.stdout.write(`\n${verdict}\n`);
  return failures === 0 ? 0 : 1;
}

/** Whatever happens, the engine with all its containers is removed before the process ends. */
async function main(): Promise<number> {
  process.stdout.write('Starting a Docker engine …\n');
  const starting = startEngine();
  try {
    return await Promise.race([interrupted(), finished(starting)]);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    process.stdout.write('Removing the engine and its containers …\n');
    await starting.then((engine) => engine.stop()).catch(() => undefined);
  }
}

process.exit(await main());
