/** Waits for what a command does to the files of this machine. */
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('waited 20 s in vain');
    await sleep(10);
  }
}
