import type { EngineClient } from '../engine/client.ts';
import { inspectExec } from '../engine/exec.ts';

/** How often a running exec is looked at, and how long its output may stay open after its process ended: 3 s together at most. */
const LOOK_MS = 1_000;
const STAY_OPEN_MS = 1_500;

/** The process ended, its output did not: a background child holds it open. */
export interface Straggler {
  readonly kind: 'straggler';
}

/** Watches for a process that ended while its output stays open. `left` resolves then, and otherwise never. */
export function watchForStraggler(
  engine: EngineClient,
  engineExecId: string,
): { readonly left: Promise<Straggler>; dispose(): void } {
  let timer: NodeJS.Timeout | undefined;
  let disposed = false;
  const left = new Promise<Straggler>((resolve) => {
    const look = async (): Promise<void> => {
      const running = await inspectExec(engine, engineExecId).then(
        (state) => state.running,
        () => true,
      );
      if (disposed) return;
      timer = running ? setTimeout(look, LOOK_MS) : setTimeout(() => resolve({ kind: 'straggler' }), STAY_OPEN_MS);
    };
    timer = setTimeout(look, LOOK_MS);
  });
  return {
    left,
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
