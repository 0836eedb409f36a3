/** When a task that has not begun to run is let go: as any other, and when its worker takes nothing more while another task is before it. */
import type { Passage } from './pipeline.js';
import type { TaskSignals } from './attempt.js';

export interface Waiting extends Disposable {
  signal: AbortSignal;
}

export function beforeItsTurn(passage: Passage, { lost, stopping, draining }: TaskSignals): Waiting {
  const handBack = new AbortController();
  const look = () => {
    if (draining?.aborted && passage.isBehind) handBack.abort(draining.reason);
  };
  look();
  draining?.addEventListener('abort', look);
  return {
    signal: AbortSignal.any([lost, stopping, handBack.signal]),
    [Symbol.dispose]: () => draining?.removeEventListener('abort', look),
  };
}
