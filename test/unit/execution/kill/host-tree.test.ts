import { describe, expect, it } from 'vitest';
import type { HostProcess } from '../../../../src/execution/kill/host-processes.ts';
import { hasStrays, treeOf } from '../../../../src/execution/kill/host-tree.ts';

const MARKER = 'MCP_DOCKER_EXEC_ID=ex_AAAAAAAAAAAA';
const SHIM = 90;

/** The container's first process, then the run's main process; others are made from these. */
const INIT: HostProcess = { pid: 100, start: 1_000, parent: SHIM, session: 100, pidInside: 1, environment: '' };
const MAIN: HostProcess = { pid: 200, start: 2_000, parent: SHIM, session: 200, pidInside: 7, environment: MARKER };

let pid = 300;
function process(facts: Partial<HostProcess>): HostProcess {
  pid += 1;
  return { pid, start: 2_001, parent: INIT.pid, session: pid, pidInside: pid - 290, environment: '', ...facts };
}

const tree = (processes: readonly HostProcess[], seed: Partial<Parameters<typeof treeOf>[1]> = {}): number[] =>
  treeOf(processes, { marker: MARKER, main: 0, known: [], ...seed })
    .map((one) => one.pid)
    .toSorted();

describe('the tree of a run', () => {
  it.each([
    ['a child without the mark', { parent: MAIN.pid }],
    ['an orphan of its session', { session: MAIN.session }],
    ['an orphan that bears the mark', { environment: `A=b\0${MARKER}\0C=d` }],
  ])('has %s', (_name, facts) => {
    const one = process(facts);
    expect(tree([one, INIT, MAIN])).toEqual([MAIN.pid, one.pid]);
  });

  it('has descendants of what only the mark shows, in whichever order they come', () => {
    const orphan = process({ environment: MARKER });
    const child = process({ parent: orphan.pid });
    const grandchild = process({ parent: child.pid });
    expect(tree([grandchild, child, INIT, orphan])).toEqual([orphan.pid, child.pid, grandchild.pid]);
  });

  it('has a main process without the mark', () => {
    expect(tree([INIT, { ...MAIN, environment: '' }], { main: MAIN.pid })).toEqual([MAIN.pid]);
  });

  it('has what an earlier look found, but not what has its pid now', () => {
    const orphan = process({});
    expect(tree([INIT, orphan], { known: [orphan] })).toEqual([orphan.pid]);
    expect(tree([INIT, { ...orphan, start: 9_999 }], { known: [orphan] })).toEqual([]);
  });

  it('has nothing of the container’s own, nor of another run', () => {
    const own = process({ session: INIT.session });
    const other = process({ environment: 'MCP_DOCKER_EXEC_ID=ex_BBBBBBBBBBBB' });
    expect(tree([INIT, MAIN, own, other])).toEqual([MAIN.pid]);
  });

  it('does not take in the container through a run’s process in its session', () => {
    const own = process({ session: INIT.session });
    const marked = process({ session: INIT.session, environment: MARKER });
    expect(tree([INIT, own, marked])).toEqual([marked.pid]);
  });
});

describe('a stray', () => {
  it.each([
    ['an orphan without a mark', {}, true],
    ['an orphan whose environment is not to be read', { environment: undefined }, true],
    ['an orphan in the container’s session', { session: INIT.session }, false],
    ['one that is older than the run', { start: MAIN.start - 1 }, false],
    ['one that bears another run’s mark', { environment: 'MCP_DOCKER_EXEC_ID=ex_BBBBBBBBBBBB' }, false],
    ['one that has a parent', { parent: 1234 }, false],
  ])('is %s: %j %s', (_name, facts, expected) => {
    expect(hasStrays([INIT, process(facts)], [], MAIN.start)).toBe(expected);
  });

  it('is nothing of the run itself', () => {
    const orphan = process({});
    expect(hasStrays([INIT, orphan], [orphan], MAIN.start)).toBe(false);
  });

  it('cannot be told where the container shares the pids of another', () => {
    expect(hasStrays([{ ...INIT, pidInside: 4711 }], [], MAIN.start)).toBe(true);
  });
});
