/** A leased task as the worker receives it. */
import { assignmentId, variablesOf, type Job, type Task, type TraceContext } from '@longshore/core';
import type { Assignment } from '@longshore/core/protocol';

export function assignmentMessage(
  task: Task,
  job: Job,
  { leaseSeconds, traceparent }: { leaseSeconds: number; traceparent: TraceContext | undefined },
): Assignment {
  const { input, output, plugin, params, policy } = job.spec;
  return {
    assignment_id: assignmentId(task.id, task.fence),
    task_id: task.id,
    job_id: job.id,
    attempt: task.fence,
    fence: task.fence,
    file_names: task.objects.map((object) => object.key),
    objects: task.objects,
    input_bucket: input.bucket,
    input_prefix: input.prefix,
    output_bucket: output.bucket,
    output_prefix: output.prefix,
    ...(input.storage && { input_storage: input.storage }),
    ...(output.storage && { output_storage: output.storage }),
    plugin,
    params,
    ...(task.group && { variables: variablesOf(job.spec.groups?.variables, task.group) }),
    lease_seconds: leaseSeconds,
    timeout_seconds: policy.timeoutSeconds,
    ...(traceparent !== undefined && { traceparent }),
  };
}
