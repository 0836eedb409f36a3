// What a worker is: warm. A program that lives for days has its code compiled; so some objects are moved first that nobody counts. Prints the seconds and
// the CPU seconds of the rest as JSON.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

export async function warmAndTimed(moves, [verb, , prefix, folder]) {
  const warm = await mkdtemp(join(folder, '..', 'warm-'));
  await moves.get('warm/', warm);
  if (verb === 'put') await moves.put(`warm-${process.pid}/`, warm);
  await rm(warm, { recursive: true });
  const [begunAt, cpu] = [performance.now(), process.cpuUsage()];
  await moves[verb](prefix, folder);
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ seconds: (performance.now() - begunAt) / 1e3, cpuSeconds: (user + system) / 1e6 }));
}

export async function atOnce(items, count, work) {
  let next = 0;
  await Promise.all(
    Array.from({ length: count }, async () => {
      while (next < items.length) await work(items[next++]);
    }),
  );
}
