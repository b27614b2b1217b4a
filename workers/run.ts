import { workerData } from 'node:worker_threads';
import { createEngineClient } from '../src/engine/client.ts';
import { LoginPlaces } from '../src/engine/ssh/login-places.ts';
import { execute, type WorkerResources } from '../src/execution/execute.ts';
import type { WorkerSettings } from '../src/execution/settings.ts';
import { chooseDemuxer } from '../src/frames/choose.ts';
import type { RunTask } from '../src/protocol/run.ts';

const settings: WorkerSettings = workerData;
const resources: WorkerResources = {
  engine: createEngineClient(settings.endpoint, new LoginPlaces(settings.logins)),
  createDemuxer: chooseDemuxer(settings.native).create,
};

/** What Piscina calls for each task. */
export default function run(task: RunTask): Promise<void> {
  return execute(task, resources);
}
