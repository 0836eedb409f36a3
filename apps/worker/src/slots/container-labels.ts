/** How a container tells whose it is. */
import type { ProcessOwner } from '../agent/process-owner.js';

export const workerLabel = 'longshore.worker';
/** Number of the slot the container belongs to. */
export const slotLabel = 'longshore.slot';
const spaceLabel = 'longshore.space';
const homeLabel = 'longshore.home';

export function containerLabels(owner: ProcessOwner): Record<string, string> {
  return {
    [workerLabel]: owner.worker,
    'longshore.host': owner.host,
    'longshore.pid': String(owner.pid),
    'longshore.started': owner.startedAt,
    ...(owner.space !== undefined && { [spaceLabel]: owner.space }),
    ...(owner.home !== undefined && { [homeLabel]: owner.home }),
  };
}

export function ownerOf(labels: Record<string, string>): ProcessOwner {
  return {
    worker: labels[workerLabel] ?? '',
    host: labels['longshore.host'] ?? '',
    pid: Number(labels['longshore.pid'] ?? 0),
    startedAt: labels['longshore.started'] ?? '',
    ...(labels[spaceLabel] !== undefined && { space: labels[spaceLabel] }),
    ...(labels[homeLabel] !== undefined && { home: labels[homeLabel] }),
  };
}
