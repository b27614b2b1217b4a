import type { TestProject } from 'vitest/node';
import { shareEngine } from './shared.ts';

/** The newest Docker there is, for tests that the machine's own has passed already. */
export default function setUp(project: TestProject): Promise<() => Promise<void>> {
  return shareEngine(project, 'testing');
}
