/** A line that a document tells people to type, and what becomes of it in the tests. */
export interface Command {
  readonly line: string;
  /** The file that runs it word by word, but for what a document cannot know: paths, and a package that is not published yet. */
  readonly runBy?: string;
  /** Why no test runs it; the inventory then looks whether what it names is there. */
  readonly notRun?: string;
}

/** Every command in a block of the documents. */
export const COMMANDS = {
  install: { line: 'npm install -g mcp-docker-exec', runBy: 'test/package/install.test.ts' },
  init: { line: 'mcp-docker-exec init cursor --write', runBy: 'test/e2e/docs/commands.test.ts' },
  doctor: { line: 'mcp-docker-exec doctor', runBy: 'test/e2e/docs/commands.test.ts' },
  auditVerify: { line: 'mcp-docker-exec audit verify audit.jsonl', runBy: 'test/e2e/docs/commands.test.ts' },
  pack: { line: 'npm pack', runBy: 'test/package/pack.ts' },
  bundle: {
    line: 'npm run bundle -- mcp-docker-exec-*.tgz mcp-docker-exec.mcpb',
    runBy: 'test/package/bundle.test.ts',
  },
  dockerRun: {
    line: 'docker run -i --rm --network none -v /var/run/docker.sock:/var/run/docker.sock --group-add "$(stat -c %g /var/run/docker.sock)" mcp-docker-exec',
    runBy: 'test/package/install.test.ts',
  },
  dockerBuild: { line: 'docker build -t mcp-docker-exec .', notRun: 'the images of Node come from a registry' },
  claude: { line: 'claude mcp add docker -- npx -y mcp-docker-exec', notRun: 'Claude Code is not installed' },
  setup: { line: 'node test/run.mjs setup', notRun: 'it has run before any test' },
  check: { line: 'npm run check', notRun: 'it has to pass before the tests are run' },
  test: { line: 'npm test', notRun: 'it is what runs the tests' },
  otherEngine: {
    line: 'MCP_TEST_ENGINE_RELEASE=trixie npm test -- --project e2e',
    notRun: 'the project newest runs what engines differ in',
  },
  demo: { line: 'npm run demo', notRun: 'it takes 20 s to show what tests of its own hold true' },
  bench: { line: 'npm run bench', notRun: 'it takes minutes, and nothing else may run beside it' },
} as const satisfies Readonly<Record<string, Command>>;
