/** I6, as far as the records tell: a manifest lists what its task holds. */
import type { Task } from '../words/task.js';
import { broken, type Invariant } from './invariant.js';

export const published: Invariant = {
  id: 'I6',
  sentence: 'What is visible in the output is exactly what accepted manifests list, with their sizes and checksums.',
  look: () => ({ task: manifestFaults, end: () => [] }),
};

function manifestFaults({ id, objects, manifest }: Task): string[] {
  if (!manifest) return [];
  const listed = manifest.entries.map(({ objectKey }) => objectKey ?? '');
  const keys = new Set(listed);
  const missing = objects.filter(({ key }) => !keys.has(key));
  return [
    ...missing.map(({ key }) => `The manifest of task ${id} says nothing of the object "${key}".`),
    ...broken(
      [keys.size < listed.length, `The manifest of task ${id} lists an object twice.`],
      [keys.size > objects.length - missing.length, `The manifest of task ${id} lists an object of another task.`],
    ),
  ];
}
