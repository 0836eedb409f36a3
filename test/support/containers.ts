/** What the real engine holds of ours. */
import Docker from 'dockerode';

const docker = new Docker();

/** Names of all containers with our label whose worker name starts as given, running or not. */
export async function containersOf(workerPrefix = ''): Promise<string[]> {
  const found = await docker.listContainers({ all: true, filters: { label: ['longshore.worker'] } });
  return found
    .filter((container) => (container.Labels['longshore.worker'] ?? '').startsWith(workerPrefix))
    .flatMap((container) => container.Names);
}
