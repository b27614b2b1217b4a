import type { Check } from './check.ts';

const LEAST = { major: 20, minor: 19 } as const;

/** `version` as in `process.version`. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const recent = major > LEAST.major || (major === LEAST.major && minor >= LEAST.minor);
  if (recent) return { name: 'Node.js', status: 'ok', detail: version };
  return {
    name: 'Node.js',
    status: 'fail',
    detail: `${version} is too old`,
    mend: `Install Node.js ${LEAST.major}.${LEAST.minor} or later.`,
  };
}
