import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packExtension } from '@anthropic-ai/mcpb';
import { bundleManifest } from './claude-desktop.ts';

/** `npm run bundle -- PACKAGE.tgz BUNDLE.mcpb`: makes the bundle for Claude Desktop of a packed package and its dependencies. */
const [tarball, bundle] = process.argv.slice(2);
if (tarball === undefined || bundle === undefined) throw new Error('Usage: npm run bundle -- PACKAGE.tgz BUNDLE.mcpb');

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
try {
  execFileSync(
    'npm',
    ['install', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--prefix', folder, resolve(tarball)],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  rmSync(join(folder, 'package.json'));
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(bundleManifest(), null, 2)}\n`);
  const packed = await packExtension({ extensionPath: folder, outputPath: resolve(bundle), silent: true });
  if (!packed) throw new Error('The bundle could not be packed');
} finally {
  rmSync(folder, { recursive: true });
}
