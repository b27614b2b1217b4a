import { afterAll, beforeAll, describe, it } from 'vitest';
import type { TestContainer } from '../../engine/containers.ts';
import { useEngine } from '../../engine/use.ts';
import { openServer, type TestServer } from '../client.ts';
import { expectHealthy, expectKill, expectLogs, expectStdin, expectStream, logged } from './road.ts';

// Named pipes are Windows'. Node opens them by the same call as unix sockets, so that one of these shows that everything of the road works.
const engine = useEngine();
const endpoint = engine.dockerHost.replace('unix://', 'npipe://');
const env = { DOCKER_HOST: endpoint, MCP_DOCKER_KILL_GRACE_MS: '200' };

let server: TestServer;
let box: TestContainer;

beforeAll(async () => {
  box = await logged(engine.run);
  server = await openServer({ env });
});

afterAll(() => server.close());

describe('an engine behind a named pipe', () => {
  it('is healthy', () => expectHealthy(server, endpoint));
  it('takes stdin to its end', () => expectStdin(server, box));
  it('streams every byte', () => expectStream({ env }, box));
  it('has logs', () => expectLogs(server, box));
  it('has commands killed', () => expectKill(server, box));
});
