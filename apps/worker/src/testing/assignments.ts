/** Assignments to test with. */
import { createHash } from 'node:crypto';
import type { Assignment } from '@longshore/core/protocol';
import type { MemoryObjectStore } from '@longshore/core/testing';

/** Puts the objects into `images/in/` and assigns them. */
export function anAssignment(
  store: MemoryObjectStore,
  contents: Record<string, string>,
  changes: Partial<Assignment> = {},
): Assignment {
  const objects = Object.entries(contents).map(([name, content]) => {
    store.put('images', `in/${name}`, Buffer.from(content));
    const etag = createHash('md5').update(content).digest('hex');
    return { key: `in/${name}`, sizeBytes: Buffer.byteLength(content), etag };
  });
  return {
    assignment_id: 'task.1',
    task_id: 'task',
    job_id: 'job',
    attempt: 1,
    fence: 1,
    file_names: objects.map(({ key }) => key),
    objects,
    input_bucket: 'images',
    input_prefix: 'in/',
    output_bucket: 'results',
    output_prefix: 'out/',
    plugin: 'echo',
    params: {},
    lease_seconds: 10,
    timeout_seconds: 60,
    ...changes,
  };
}
