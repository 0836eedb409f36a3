/** What must be true once the faults have stopped and the job has ended. Each check says in sentences what is not. */
import { readdir } from 'node:fs/promises';
import type { Cluster } from '../support/cluster.js';
import { containersOf } from '../support/containers.js';
import { eventually } from '../support/process.js';
import type { S3 } from '../support/s3.js';
import { tasksOf } from '../support/tasks.js';
import type { Ground } from './ground.js';
import { outputBucket } from './ground.js';

/** Every image in exactly one completed task. */
export async function misplacedImages(cluster: Cluster, jobId: string, names: readonly string[]): Promise<string[]> {
  const done = (await tasksOf(cluster, jobId, 'completed')).flatMap((task) => task.file_names).sort();
  const wanted = names.map((name) => `nuclei/${name}`).sort();
  return done.join() === wanted.join() ? [] : [`the completed tasks hold ${done.join(', ')}`];
}

/** Visible below the output are the files of the undisturbed run, with the same bytes, and nothing else. */
export async function wrongOutputs({ s3, undisturbed }: Ground, prefix: string): Promise<string[]> {
  const found = await s3.objectsBelow(outputBucket, prefix);
  const names = new Set([...found.keys(), ...undisturbed.keys()]);
  return [...names].flatMap((name) => {
    const [is, should] = [found.get(name), undisturbed.get(name)];
    if (!should) return [`${name} is there and should not be`];
    if (!is) return [`${name} is missing`];
    return is.equals(should) ? [] : [`${name} has other bytes than in the undisturbed run`];
  });
}

/** What workers staged late is cleared once their leases are long over. */
export async function openUploads(s3: S3, withinMs: number): Promise<string[]> {
  let open = 0;
  const none = async () => ((open = await s3.openUploads(outputBucket)) === 0 ? true : undefined);
  return eventually(none, withinMs, () => 'no upload to be open').then(
    () => [],
    () => [`${open} multipart uploads are still open`],
  );
}

export async function leftBehind(workerPrefix: string, workFolder: string): Promise<string[]> {
  const containers = await containersOf(workerPrefix);
  const folders = await readdir(workFolder);
  return [
    ...containers.map((name) => `container ${name} is left`),
    ...folders.map((name) => `workspace ${name} is left`),
  ];
}
