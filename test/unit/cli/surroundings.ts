import type { Surroundings } from '../../../src/cli/surroundings.ts';

/** Surroundings in which all is well, but for what `changes` says; `output()` is what was written, `notes()` what was said beside. */
export function surroundingsWith(changes: Partial<Surroundings> = {}) {
  const written: string[] = [];
  const noted: string[] = [];
  const surroundings: Surroundings = {
    environment: {},
    nodeVersion: 'v20.19.0',
    write: (text) => written.push(text),
    note: (text) => noted.push(text),
    machine: () => ({ platform: 'linux', home: '/home/me', project: '/project', environment: {} }),
    resolveEndpoint: () => ({ kind: 'unix', path: '/d.sock', description: 'unix:///d.sock', source: 'default' }),
    pingEngine: async () => ({ version: '28.2.2', apiVersion: '1.50', os: 'linux', arch: 'amd64' }),
    roundTrip: async () => ({ container: 'web', user: '1000:1000', printed: true, ms: 40 }),
    loadDemuxer: () => ({ kind: 'native' }),
    ...changes,
  };
  return { surroundings, output: () => written.join(''), notes: () => noted.join('') };
}
