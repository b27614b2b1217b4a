import type { ToolName } from '../../src/observe/events.ts';

/** What a JSON block of a section shows of a call. */
export type Shown = 'request' | 'answer' | 'progress';

/** A section's JSON blocks, in their order: one call. */
export interface Example {
  readonly path: string;
  readonly section: string;
  readonly tool: ToolName;
  readonly shows: readonly Shown[];
  /** The arguments, where no block shows them. */
  readonly request?: Readonly<Record<string, unknown>>;
}

const TOOLS = 'docs/tools.md';
const STEPS = ['sh', '-c', 'echo step 1; usleep 300000; echo step 2'];

/** Every call the documents show in JSON; a test makes each of them. */
export const EXAMPLES: readonly Example[] = [
  { path: 'README.md', section: 'The five tools', tool: 'docker_exec', shows: ['request', 'answer'] },
  { path: TOOLS, section: 'docker_exec', tool: 'docker_exec', shows: ['request', 'answer'] },
  { path: TOOLS, section: 'docker_logs', tool: 'docker_logs', shows: ['request', 'answer'] },
  { path: TOOLS, section: 'docker_ps', tool: 'docker_ps', shows: ['request', 'answer'] },
  { path: TOOLS, section: 'docker_inspect', tool: 'docker_inspect', shows: ['request', 'answer'] },
  { path: TOOLS, section: 'health', tool: 'health', shows: ['answer'], request: {} },
  {
    path: TOOLS,
    section: 'When something is refused',
    tool: 'docker_exec',
    shows: ['answer'],
    request: { id: 'web', cmd: ['id'], user: 'root' },
  },
  {
    path: TOOLS,
    section: 'Streaming, for client authors',
    tool: 'docker_exec',
    shows: ['progress'],
    request: { id: 'web', cmd: STEPS, stream: true },
  },
];
