import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pacing } from '../../../src/execution/pacing.ts';

let naps = 0;
let pacing: Pacing;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  naps = 0;
  pacing = new Pacing(() => {
    naps += 1;
  });
});

afterEach(() => vi.useRealTimers());

function reads(count: number, bytes: number, apartMs: number): void {
  for (let i = 0; i < count; i += 1) {
    vi.advanceTimersByTime(apartMs);
    pacing.read(bytes);
  }
}

describe('Pacing', () => {
  it('rests under a dense stream of small reads, after the first few', () => {
    reads(3, 100, 0.1);
    expect(naps).toBe(0);
    reads(7, 100, 0.1);
    expect(naps).toBe(7);
  });

  it('never holds up sparse output', () => {
    reads(100, 100, 5);
    expect(naps).toBe(0);
  });

  it('never holds up large reads, and forgets small ones before them', () => {
    reads(3, 100, 0.1);
    reads(1, 65_536, 0.1);
    reads(3, 100, 0.1);
    expect(naps).toBe(0);
  });
});
