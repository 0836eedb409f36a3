/** What the control group of this process, and every group above it, lets it use; version 1 and 2. */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

export interface CgroupLimits {
  /** The least of quotas and sets of processors; undefined where nothing limits them. */
  cpus?: number;
  memory?: MemoryLimit;
}

export interface MemoryLimit {
  bytes: number;
  /** In use of it, without what the kernel gives back when somebody needs it. */
  usedBytes: number;
}

/** The content of a file, or undefined where there is none. */
export type ReadFile = (path: string) => string | undefined;

const root = '/sys/fs/cgroup';

/** Version 1 writes "no limit" as the largest number of whole pages. */
const unlimited = 2 ** 62;

export function cgroupLimits(read: ReadFile = readOrNothing): CgroupLimits {
  const cpus = least([...folders(read, 'cpu').map((folder) => quota(folder, read)), cpuSet(read)]);
  const [memory] = folders(read, 'memory')
    .flatMap((folder) => memoryLimit(folder, read) ?? [])
    .sort((a, b) => a.bytes - a.usedBytes - (b.bytes - b.usedBytes));
  return { ...(cpus !== undefined && { cpus }), ...(memory && { memory }) };
}

/** The group of this process and those above it, of either version. In a container the path may count from elsewhere; then its own root is what there is. */
function folders(read: ReadFile, controller: 'cpu' | 'cpuset' | 'memory'): string[] {
  return (read('/proc/self/cgroup') ?? '').split('\n').flatMap((line) => {
    const [, names = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === '') return [];
    if (names === '') return upwards(path).map((at) => `${root}${at}`);
    if (!names.split(',').includes(controller)) return [];
    return [names, controller].flatMap((mount) => upwards(path).map((at) => `${root}/${mount}${at}`));
  });
}

function upwards(path: string): string[] {
  const parents: string[] = [];
  for (let at = path; at !== '/' && at !== '.'; at = posix.dirname(at)) parents.push(at);
  return [...parents, ''];
}

function quota(folder: string, read: ReadFile): number | undefined {
  const [most, period] = (read(`${folder}/cpu.max`) ?? '').trim().split(' ').map(Number);
  if (isPositive(most) && isPositive(period)) return most / period;
  const [microseconds, each] = ['cfs_quota_us', 'cfs_period_us'].map((name) => numberIn(read(`${folder}/cpu.${name}`)));
  return isPositive(microseconds) && isPositive(each) ? microseconds / each : undefined;
}

/** The nearest group that says which processors it has; those above it have no fewer. */
function cpuSet(read: ReadFile): number | undefined {
  for (const folder of folders(read, 'cpuset')) {
    for (const name of ['cpuset.cpus.effective', 'cpuset.effective_cpus', 'cpuset.cpus']) {
      const count = processorsIn(read(`${folder}/${name}`)?.trim() ?? '');
      if (count > 0) return count;
    }
  }
  return undefined;
}

/** Such as `0-3,8`. */
function processorsIn(list: string): number {
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].reduce(
    (sum, [, from = '0', to = from]) => sum + Number(to) - Number(from) + 1,
    0,
  );
}

function memoryLimit(folder: string, read: ReadFile): MemoryLimit | undefined {
  const inTwo = numberIn(read(`${folder}/memory.max`));
  const bytes = inTwo ?? numberIn(read(`${folder}/memory.limit_in_bytes`));
  if (bytes === undefined || bytes >= unlimited) return undefined;
  const isTwo = inTwo !== undefined;
  const used = numberIn(read(`${folder}/${isTwo ? 'memory.current' : 'memory.usage_in_bytes'}`)) ?? 0;
  const kept = new RegExp(`^${isTwo ? '' : 'total_'}inactive_file (\\d+)$`, 'm').exec(
    read(`${folder}/memory.stat`) ?? '',
  );
  return { bytes, usedBytes: Math.max(0, used - Number(kept?.[1] ?? 0)) };
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d+$/.test(text.trim()) ? Number(text) : undefined;
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && value > 0;
}

function least(values: (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
