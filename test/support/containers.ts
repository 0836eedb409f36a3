/** What the real engine holds of ours. */
import { hostname } from 'node:os';
import Docker from 'dockerode';

const docker = new Docker();

/** Names of all containers with our label whose worker name starts as given, running or not. */
export async function containersOf(workerPrefix = ''): Promise<string[]> {
  return namesOf(workerPrefix, ['longshore.worker']);
}

/** Only those of this machine, where a name begins as that of many workers. A story that runs beside others has a machine of its own. */
export async function containersHere(workerPrefix: string): Promise<string[]> {
  return namesOf(workerPrefix, ['longshore.worker', `longshore.host=${hostname()}`]);
}

async function namesOf(workerPrefix: string, label: string[]): Promise<string[]> {
  const found = await docker.listContainers({ all: true, filters: { label } });
  return found
    .filter((container) => (container.Labels['longshore.worker'] ?? '').startsWith(workerPrefix))
    .flatMap((container) => container.Names);
}

/**
 * How many containers of these workers run a command: those of the stories begin by sleeping a little. An idle container sleeps too, but far longer.
 */
export async function sleepingCommands(workerPrefix: string): Promise<number> {
  const found = await docker.listContainers({ filters: { label: ['longshore.worker'] } });
  const mine = found.filter((container) => (container.Labels['longshore.worker'] ?? '').startsWith(workerPrefix));
  const processes = await Promise.all(
    mine.map(({ Id }) =>
      docker
        .getContainer(Id)
        .top()
        .then(({ Processes }: { Processes: string[][] | null }) => Processes ?? [])
        // It has ended meanwhile.
        .catch(() => []),
    ),
  );
  return processes.filter((rows) => rows.some((row) => /^sleep \d{1,3}(\.\d+)?$/.test(row.at(-1) ?? ''))).length;
}
