import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, step } from './process.mjs';

/** Makes node_modules what package-lock.json says. */
export async function installDependencies() {
  if (isUpToDate()) return;
  await step('Installing dependencies (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund']);
}

/** npm keeps a lock of what it installed: contents are compared, as a checkout changes the files' times. */
function isUpToDate() {
  const installed = packages('node_modules/.package-lock.json');
  const wanted = Object.entries(packages('package-lock.json') ?? {}).filter(([path]) => path !== '');
  return installed !== undefined && wanted.every(([path, entry]) => isMet(entry, installed[path]));
}

/** Packages for other platforms are in the lock, but not installed. */
function isMet(wanted, installed) {
  return installed === undefined ? wanted.optional === true : installed.version === wanted.version;
}

function packages(path) {
  const file = join(ROOT, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}
