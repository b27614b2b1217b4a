import { type Answer, json, sized } from './answers.ts';
import type { Endpoint, FakeContainer, FakeExec } from './containers.ts';
import type { Request } from './requests.ts';
import { createsHelper, type World } from './world.ts';

/** What a request asks, of which container, and the right answer to it. */
export interface Routed {
  readonly endpoint: Endpoint;
  readonly container: FakeContainer | undefined;
  readonly answer: Answer;
  /** The exec whose connection this becomes. */
  readonly hijackedBy?: FakeExec;
}

interface Route {
  readonly pattern: RegExp;
  readonly route: (world: World, request: Request, id: string) => Routed;
}

const VERSION = { Version: '20.10.24', ApiVersion: '1.41', Os: 'linux', Arch: 'amd64' };

const ROUTES: readonly Route[] = [
  { pattern: /^GET \/version$/, route: () => ofEngine('version', json(200, VERSION)) },
  {
    pattern: /^(?:GET|HEAD) \/_ping$/,
    route: () => ofEngine('ping', sized(200, 'OK', { 'Api-Version': VERSION.ApiVersion })),
  },
  { pattern: /^GET \/info$/, route: () => ofEngine('info', json(200, { ServerVersion: VERSION.Version })) },
  { pattern: /^GET \/events$/, route: () => ofEngine('events', json(200, {})) },
  { pattern: /^GET \/containers\/json$/, route: (world) => ofEngine('list', world.list()) },
  { pattern: /^GET \/containers\/([^/]+)\/json$/, route: inContainer('container', (found) => found.inspection) },
  { pattern: /^GET \/containers\/([^/]+)\/top$/, route: inContainer('top', () => json(200, { Processes: [] })) },
  { pattern: /^GET \/containers\/([^/]+)\/logs$/, route: inContainer('logs', (found) => found.log) },
  { pattern: /^HEAD \/containers\/([^/]+)\/archive$/, route: inContainer('stat', fileOf) },
  { pattern: /^GET \/containers\/([^/]+)\/archive$/, route: inContainer('archive', fileOf) },
  { pattern: /^POST \/containers\/([^/]+)\/exec$/, route: create },
  { pattern: /^POST \/exec\/([^/]+)\/start$/, route: start },
  { pattern: /^GET \/exec\/([^/]+)\/json$/, route: inspectExec },
];

/** Finds what a request asks; anything that this server's engine calls do not ask is a 404. */
export function route(world: World, request: Request): Routed {
  const asked = `${request.method} ${request.path}`;
  for (const { pattern, route } of ROUTES) {
    const match = pattern.exec(asked);
    if (match !== null) return route(world, request, decodeURIComponent(match[1] ?? ''));
  }
  return ofEngine('info', json(404, { message: `page not found: ${asked}` }));
}

function ofEngine(endpoint: Endpoint, answer: Answer): Routed {
  return { endpoint, container: undefined, answer };
}

function unknown(endpoint: Endpoint, what: string): Routed {
  return ofEngine(endpoint, json(404, { message: `No such ${what}` }));
}

function fileOf(container: FakeContainer, request: Request): Answer {
  return container.file(request.query.get('path') ?? '');
}

function inContainer(
  endpoint: Endpoint,
  answerOf: (container: FakeContainer, request: Request) => Answer,
): Route['route'] {
  return (world, request, id) => {
    const container = world.container(id);
    if (container === undefined) return unknown(endpoint, `container: ${id}`);
    return { endpoint, container, answer: answerOf(container, request) };
  };
}

function create(world: World, request: Request, id: string): Routed {
  const container = world.container(id);
  const helper = createsHelper(request);
  const endpoint = helper ? 'createHelper' : 'create';
  if (container === undefined) return unknown(endpoint, `container: ${id}`);
  return { endpoint, container, answer: json(201, { Id: world.addExec(container, helper).id }) };
}

function start(world: World, _request: Request, id: string): Routed {
  const exec = world.exec(id);
  if (exec === undefined) return unknown('start', `exec instance: ${id}`);
  if (exec.helper) exec.container.killRuns();
  const endpoint = exec.helper ? 'startHelper' : 'start';
  return { endpoint, container: exec.container, answer: exec.answer, hijackedBy: exec };
}

function inspectExec(world: World, _request: Request, id: string): Routed {
  const exec = world.exec(id);
  if (exec === undefined) return unknown('exec', `exec instance: ${id}`);
  return { endpoint: 'exec', container: exec.container, answer: exec.state };
}
