import { expect, it, vi } from 'vitest';
import { createEngineClient } from '../../../src/engine/client.ts';
import { Ending } from '../../../src/execution/ending.ts';
import { openLog } from '../../../src/execution/log-stream.ts';
import { chooseDemuxer } from '../../../src/frames/choose.ts';
import { toContainerId } from '../../../src/protocol/ids.ts';

const QUERY = {
  containerId: toContainerId('0'.repeat(64)),
  ...{ stdout: true, stderr: true, tail: 'all', since: undefined, until: undefined, follow: false },
};
const SINK = { data: () => true, end: () => undefined, error: () => undefined };

it('gives its connection back where the log could not be asked for over it', async () => {
  const engine = createEngineClient({ kind: 'unix', path: '/nonexistent', description: '', source: 'default' });
  const release = vi.fn();
  const stream = (): Promise<never> => Promise.reject(new Error('no version'));
  const context = {
    engine: { ...engine, reserve: async () => ({ stream, release }) },
    createDemuxer: chooseDemuxer('off').create,
    ending: new Ending(),
    post: () => undefined,
    onCredit: () => undefined,
  };
  await expect(openLog(context, QUERY, SINK)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
  expect(release).toHaveBeenCalledOnce();
  engine.close();
});
