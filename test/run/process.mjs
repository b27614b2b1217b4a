import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A step that could not be done; its message is all that needs to be said. */
export class StepFailed extends Error {}

/** Runs a program in the repository with its output shown. Resolves to its exit code, 128 + n after signal n. */
export async function show(program, args, options = {}) {
  const { code } = await run(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  return code;
}

/** Runs a program behind one line of progress; its whole output is shown if it fails. */
export async function step(title, program, args, options = {}) {
  process.stderr.write(`${title} …\n`);
  const { code, output } = await run(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  if (code !== 0)
    throw new StepFailed(`${output}\n${title}: ${program} ${args.join(' ')} ended with exit code ${code}`);
}

/** Runs a TypeScript file of the repository. */
export function script(path, args) {
  return show(process.execPath, ['--import', import.meta.resolve('tsx'), join(ROOT, path), ...args], {
    stdio: 'inherit',
  });
}

/** The file behind a command of an installed package, to be run with Node itself: no shell, no npx. */
export function bin(packageName, command = packageName) {
  const manifest = createRequire(join(ROOT, 'package.json')).resolve(`${packageName}/package.json`);
  const { bin: paths } = createRequire(import.meta.url)(manifest);
  return join(dirname(manifest), typeof paths === 'string' ? paths : paths[command]);
}

async function run(program, args, { onMessage, ...options }) {
  const child = spawn(program, args, { cwd: ROOT, ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  if (onMessage !== undefined) child.on('message', onMessage);
  const release = passSignalsTo(child);
  try {
    const [code, signal] = await once(child, 'close');
    return { code: code ?? exitCodeOf(signal), output };
  } catch (error) {
    throw new StepFailed(`${program} could not be started: ${error.message}`);
  } finally {
    release();
  }
}

/** A terminal's Ctrl-C reaches the child by itself, TERM does not; either way the child's end is awaited. */
function passSignalsTo(child) {
  const handlers = { SIGTERM: () => child.kill('SIGTERM'), SIGINT: () => {} };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
  };
}

function exitCodeOf(signal) {
  return signal === 'SIGINT' ? 130 : 143;
}
