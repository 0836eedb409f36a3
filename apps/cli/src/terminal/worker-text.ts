/** A worker in words, for people at a terminal. */
import { formatBytes } from '@longshore/core';
import type { WorkerInstanceAnswer, WorkerSummary } from '@longshore/core/protocol';
import { duration, printable } from './job-text.js';

export function workerText(worker: WorkerSummary): string {
  const { id, hostname, plugin, slots, state, silent_seconds, instance, farewell } = worker;
  const does = [state, plugin, slots === 1 ? '1 slot' : `${slots} slots`];
  const heard = `heard of ${duration(silent_seconds)} ago`;
  const lines = [
    `${id}  ${[...does, heard]
      .filter((part) => part !== undefined)
      .map(printable)
      .join(', ')}`,
    `  on ${[instance?.name ?? hostname, ...machine(instance)].map(printable).join(', ')}`,
    ...(farewell === undefined ? [] : [`  it left: ${printable(farewell)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function machine({ id, type, zone, cpus, memory_bytes: memoryBytes, gpus, gpu }: WorkerInstanceAnswer = {}): string[] {
  const parts = [
    id,
    type,
    zone,
    cpus === undefined ? undefined : `${cpus} CPUs`,
    memoryBytes === undefined ? undefined : formatBytes(memoryBytes),
    gpus ? `${gpus} × ${gpu ?? 'GPU'}` : undefined,
  ];
  return parts.filter((part) => part !== undefined);
}
