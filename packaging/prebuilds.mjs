// Refuses a packed package that lacks the native module of a platform: node packaging/prebuilds.mjs PACKAGE.tgz
import { execFileSync } from 'node:child_process';

const LINUX = ['linux-x64', 'linux-arm64', 'linux-x64-musl', 'linux-arm64-musl'];
const PLATFORMS = [...LINUX, 'darwin-x64', 'darwin-arm64', 'win32-x64'];

const [, , tarball = ''] = process.argv;
const packed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n');
const missing = PLATFORMS.filter((platform) => !packed.includes(`package/prebuilds/${platform}/demuxer.node`));
if (missing.length > 0) {
  process.stderr.write(`${tarball} has no native module for ${missing.join(', ')}\n`);
  process.exitCode = 1;
}
