/** A worker in words, for people at a terminal. */
import { formatBytes, type Worker, type WorkerInstance } from '@longshore/core';
import { duration, printable } from './job-text.js';

export function workerText(worker: Worker, now: number): string {
  const { id, hostname, plugin, slots, state, lastSeenAt, instance, farewell } = worker;
  const does = [state, plugin, slots === 1 ? '1 slot' : `${slots} slots`];
  const heard = `heard of ${duration(Math.max(0, now - lastSeenAt) / 1000)} ago`;
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

function machine({ id, type, zone, cpus, memoryBytes, gpus, gpu }: WorkerInstance = {}): string[] {
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
