import type { TestProject } from 'vitest/node';
import { shareEngine } from './shared.ts';

export default function setUp(project: TestProject): Promise<() => Promise<void>> {
  return shareEngine(project);
}
