import { expect, it } from 'vitest';
import { firstLineOf } from '../../../src/execution/side-command.ts';
import { chooseDemuxer } from '../../../src/frames/choose.ts';
import { toContainerId } from '../../../src/protocol/ids.ts';
import { answeringEngine } from '../engine/answering-engine.ts';

it('is given up in its time by an engine that does not even create it', async () => {
  const { client, server } = await answeringEngine(() => undefined);
  const command = { containerId: toContainerId('0'.repeat(64)), user: '0', cmd: ['true'], deadlineMs: 50 };
  const begun = performance.now();
  expect(await firstLineOf(client, chooseDemuxer('off').create, command)).toBeUndefined();
  expect(performance.now() - begun).toBeLessThan(5_000);
  server.closeAllConnections();
});
