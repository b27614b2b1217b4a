import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, step } from './process.mjs';

const BUILDS = ['native/build/Release', 'build/Release'];
const TOOLS = { cmake: 'cmake', 'c++': 'g++', make: 'make' };

/** Builds the native module if there is none, or if its sources changed. A machine without a compiler is told so; the rest still runs. */
export async function buildNative() {
  if (isCurrent()) return;
  await build();
  if (built().length === 0 && installTools()) await build();
  if (built().length > 0) return;
  process.stderr.write('No native module: install cmake, a C++ compiler and make, then run node native/build.mjs.\n');
}

async function build() {
  await step('Building the native module', process.execPath, ['native/build.mjs']);
}

function built() {
  return BUILDS.flatMap((folder) => filesIn(folder, /\.node$/));
}

function isCurrent() {
  const sources = filesIn('native', /\.(cc|h|txt)$/).map(changedAt);
  return built().length > 0 && Math.max(...built().map(changedAt)) >= Math.max(...sources);
}

/** Debian's tools, where we may install them. Returns whether there is a reason to try again. */
function installTools() {
  const missing = Object.keys(TOOLS).filter((tool) => !existsInPath(tool));
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  process.stderr.write(`Installing ${missing.map((tool) => TOOLS[tool]).join(', ')} …\n`);
  return apt('update') && apt('install', '--no-install-recommends', ...missing.map((tool) => TOOLS[tool]));
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-y', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

function existsInPath(tool) {
  return spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;
}

function filesIn(folder, pattern) {
  const path = join(ROOT, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => pattern.test(name))
    .map((name) => join(path, name));
}

function changedAt(path) {
  return statSync(path).mtimeMs;
}
