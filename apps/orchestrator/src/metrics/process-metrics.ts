/** Memory, processor and event loop of this process; they are one however many applications run in it. */
import { readdir, stat } from 'node:fs/promises';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** With ten thousand workers each of them lists as many connections, and nobody else has a turn meanwhile. */
const slow = ['handles', 'requests', 'resources'].flatMap((kind) => [
  `nodejs_active_${kind}`,
  `nodejs_active_${kind}_total`,
]);

const openFilesName = 'process_open_fds';
const openFilesFolder = '/proc/self/fd';

let registry: Registry | undefined;

/** Measured from the first time somebody asks: who has no Prometheus pays nothing. */
export function processMetrics(): Registry {
  if (registry) return registry;
  registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of slow) registry.removeSingleMetric(name);
  if (registry.getSingleMetric(openFilesName)) countOpenFilesIn(registry);
  return registry;
}

/** Under the name that all programs have for it. */
function countOpenFilesIn(all: Registry): void {
  all.removeSingleMetric(openFilesName);
  new Gauge({
    name: openFilesName,
    help: 'Number of open file descriptors.',
    registers: [all],
    async collect() {
      this.set(await openFiles());
    },
  });
}

/** Linux says how many there are from 6.2 on; an older one has to list them. */
async function openFiles(): Promise<number> {
  const { size } = await stat(openFilesFolder);
  return size > 0 ? size : (await readdir(openFilesFolder)).length;
}
