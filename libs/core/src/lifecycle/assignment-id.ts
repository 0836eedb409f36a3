/** The name of one lease on the wire: task and fence, so that it is found without an index. */
import { LongshoreError } from '../errors/longshore-error.js';

export function assignmentId(taskId: string, fence: number): string {
  return `${taskId}.${fence}`;
}

/** @throws LongshoreError `invalid-request` */
export function readAssignmentId(id: string): { taskId: string; fence: number } {
  const match = /^(.+)\.(\d+)$/.exec(id);
  if (!match?.[1]) throw new LongshoreError('invalid-request', `"${id}" is no assignment id.`);
  return { taskId: match[1], fence: Number(match[2]) };
}
