// Builds the native demuxer of a checkout where that is possible and needed. It never fails, as the JavaScript demuxer does the
// same. `npm_config_skip_native_build=true npm run build` leaves it out.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const native = dirname(fileURLToPath(import.meta.url));
const root = dirname(native);
const LOG = join(native, 'build', 'build.log');
const MODULES = [join(native, 'build/Release/demuxer.node'), join(root, 'build/Release/demuxer.node')];
const require = createRequire(import.meta.url);

/** Each way to build, tried in this order. */
const BUILDERS = [
  { package: 'cmake-js', script: 'bin/cmake-js', args: ['compile', '-d', 'native'] },
  { package: 'node-gyp', script: 'bin/node-gyp.js', args: ['rebuild'] },
];

function isBuilt() {
  return MODULES.some((path) => existsSync(path) && statSync(path).mtimeMs >= newestSource() && loads(path));
}

function newestSource() {
  const sources = readdirSync(native).filter((name) => /\.(cc|h|txt)$/.test(name));
  return Math.max(...sources.map((name) => statSync(join(native, name)).mtimeMs));
}

/** In a process of its own: a module for another Node or platform may do worse than throw. */
function loads(path) {
  return spawnSync(process.execPath, ['-e', 'require(process.argv[1])', path]).status === 0;
}

/** A builder's script, where it is installed. */
function locate(builder) {
  try {
    return join(dirname(require.resolve(`${builder.package}/package.json`)), builder.script);
  } catch {
    return undefined;
  }
}

/** Runs one builder; returns what it printed. */
function run(builder) {
  const script = locate(builder);
  if (script === undefined) return `${builder.package} is not installed\n`;
  const { stdout, stderr, error } = spawnSync(process.execPath, [script, ...builder.args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return `${builder.package} ${builder.args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n`;
}

function build() {
  const output = [];
  for (const builder of BUILDERS) {
    output.push(run(builder));
    if (isBuilt()) return;
  }
  report(output.join('\n'));
}

function report(output) {
  mkdirSync(dirname(LOG), { recursive: true });
  writeFileSync(LOG, output);
  if (process.env.npm_config_loglevel === 'verbose') process.stderr.write(output);
  process.stderr.write(
    `mcp-docker-exec: the native demuxer was not built, the slower JavaScript one will be used; for the native one ` +
      `install a C++17 compiler and CMake, then "npm run build:native" (details: ${LOG})\n`,
  );
}

try {
  if (process.env.npm_config_skip_native_build !== 'true' && !isBuilt()) build();
} catch (error) {
  process.stderr.write(
    `mcp-docker-exec: the JavaScript demuxer will be used, the native one failed: ${error.message}\n`,
  );
}
