import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dockerText } from '../../engine/cli.ts';
import { useEngine } from '../../engine/use.ts';
import { untilSeen } from '../witness.ts';
import { CASES, type Ending, endRun, type Stage } from './ending.ts';
import { keepFigures, repeats } from './figures.ts';
import { pidsWith } from './host-witness.ts';
import { type Reason, type Shape, sequelOf } from './shapes.ts';
import { Boxes, openServer } from './stage.ts';

const engine = useEngine();
const boxes = new Boxes(engine);
const endings: { shape: Shape; reason: Reason; ending: Ending }[] = [];
let stage: Stage;

beforeAll(async () => {
  stage = { engine, boxes, server: await openServer(engine.dockerHost) };
});

afterAll(async () => {
  keepFigures(endings);
  await stage.server.close();
});

/** The second version of cgroups lets a frozen process be killed. */
const FREEZES_FOR_GOOD = !existsSync('/sys/fs/cgroup/cgroup.controllers');

const expected = (shape: Shape): Pick<Ending, 'termination' | 'left'> =>
  shape.surroundings === 'paused' && !FREEZES_FOR_GOOD
    ? { termination: 'killed', left: 0 }
    : { termination: shape.termination ?? 'killed', left: shape.left ?? 0 };

/** A frozen process dies of what it was sent when it is woken; its container is then like any other. */
async function unpause({ box, word }: Ending): Promise<void> {
  await dockerText(engine.docker, ['unpause', box.id]);
  await untilSeen(
    async () => pidsWith(box.id, word).length,
    (count) => count === 0,
  );
}

it.concurrent.each(CASES)('%s, %s: what is alive afterwards is said', async (_name, reason, shape) => {
  for (let round = 0; round < repeats; round += 1) {
    const ending = await endRun(stage, shape, reason);
    endings.push({ shape, reason, ending });
    const { outcome, termination, left } = ending;
    if (shape.surroundings === 'paused') await unpause(ending);
    expect({ outcome, termination, left }).toEqual({
      outcome: reason === 'timeout' ? 'timeout' : 'cancelled',
      ...expected(shape),
    });
  }
});

// These look back at what happened above.
it('the engine’s own list of processes says the same', async () => {
  expect(endings).toHaveLength(CASES.length * repeats);
  for (const id of new Set(endings.map(({ ending }) => ending.box.id))) {
    const top = await dockerText(engine.docker, ['top', id, '-eo', 'pid,args']);
    for (const { shape, ending } of endings.filter(({ ending }) => ending.box.id === id)) {
      const stays = shape.left === 1 && shape.surroundings !== 'paused';
      expect([shape.name, top.includes(`sleep ${ending.word}`)]).toEqual([shape.name, stays]);
    }
  }
});

it('what was to come after a killed command never came', async () => {
  const sequels = endings.filter(({ shape }) => shape.cmd('').join().includes('touch'));
  expect(sequels).not.toEqual([]);
  for (const { ending } of sequels) {
    expect((await ending.box.exec(['ls', sequelOf(ending.word)])).code).not.toBe(0);
  }
});

it('no exec is left with a container, neither a run’s nor one that helped to kill it', async () => {
  for (const { id } of await boxes.shared()) {
    expect(await dockerText(engine.docker, ['inspect', '--format', '{{json .ExecIDs}}', id])).toBe('null');
    expect(await dockerText(engine.docker, ['top', id, '-eo', 'pid,args'])).not.toContain('MCP_DOCKER_EXEC_ID');
  }
});
