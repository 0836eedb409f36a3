/** A fleet in words, for people at a terminal. */
import { duration, printable } from '../terminal/job-text.js';
import type { FleetView, FleetWorkerView } from './fleet-view.js';

export function fleetText(fleet: FleetView): string {
  const { name, wanted, plugin, slots, url, unknown, workers } = fleet;
  const running = workers.filter(({ process }) => process === 'running').length;
  const each = slots === 1 ? '1 slot each' : `${slots} slots each`;
  const of = url === undefined ? '' : `, for ${printable(url)}`;
  const lines = [
    `fleet ${name}: ${running} of ${workersInWords(wanted)}, ${printable(plugin)}, ${each}${of}`,
    ...workers.flatMap(workerLines),
    ...(unknown === undefined ? [] : [`What they do is not known: ${printable(unknown)}`]),
    ...(running < wanted
      ? [`"longshore fleet up --name ${name} --workers ${wanted}" starts those that are missing.`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

export function workersInWords(count: number): string {
  return count === 1 ? '1 worker' : `${count} workers`;
}

function workerLines(worker: FleetWorkerView): string[] {
  const { worker: name, pid, process, log, last_lines: last = [], worker_id: id, state, held = [] } = worker;
  const told = process !== 'running' ? process : (state ?? 'not registered');
  return [
    `  ${printable(name)}  process ${pid}, ${told}${id === undefined ? '' : `, ${printable(id)}`}`,
    ...held.map((task) => `    runs ${objects(task)} of job ${task.job_id} since ${duration(task.elapsed_seconds)}`),
    ...(log === undefined ? [] : [`    log ${printable(log)}`]),
    ...last.map((line) => `    | ${printable(line)}`),
  ];
}

function objects({ object_count: count, file_names: names }: NonNullable<FleetWorkerView['held']>[number]): string {
  const [first = ''] = names;
  return count === 1 ? printable(first) : `${printable(first)} and ${count - 1} more`;
}
