/** Reads what the kernel says about a process in a container, and names every wall that is missing. */

const unlimited = 2 ** 62;

/** Of cgroup v1 and v2; an engine has one of them. */
const memoryFiles = ['/sys/fs/cgroup/memory/memory.limit_in_bytes', '/sys/fs/cgroup/memory.max'];
const pidsFiles = ['/sys/fs/cgroup/pids/pids.max', '/sys/fs/cgroup/pids.max'];

export const wallFiles = [
  '/proc/self/status',
  '/proc/self/limits',
  '/proc/self/mounts',
  '/proc/net/dev',
  ...memoryFiles,
  ...pidsFiles,
];

/** @param printed what `head` prints of the files above, each under `==> its name <==` */
export function wallFaults(printed: string): string[] {
  const files = sections(printed);
  const status = (name: string): string => field(files.get('/proc/self/status'), name);
  const walls: [holds: boolean, fault: string][] = [
    [/^0+$/.test(status('CapEff')) && /^0+$/.test(status('CapBnd')), 'it has capabilities'],
    [status('NoNewPrivs') === '1', 'it may gain privileges'],
    [status('Seccomp') === '2', 'no seccomp profile filters its system calls'],
    [isNobody(status('Uid')), 'it runs as root'],
    [isReadOnlyRoot(files.get('/proc/self/mounts')), 'its root can be written to'],
    [isLoopbackOnly(files.get('/proc/net/dev')), 'it has a network'],
    [isLimited(files.get('/proc/self/limits'), 'Max open files'), 'its open files are not limited'],
    [isLimited(files.get('/proc/self/limits'), 'Max file size'), 'the size of its files is not limited'],
    [/^Max core file size +0 /m.test(files.get('/proc/self/limits') ?? ''), 'it may leave core dumps'],
    [hasLimit(files, memoryFiles), 'its memory is not limited'],
    [hasLimit(files, pidsFiles), 'the number of its processes is not limited'],
  ];
  return walls.filter(([holds]) => !holds).map(([, fault]) => fault);
}

function sections(printed: string): Map<string, string> {
  const parts = printed.split(/^==> (.+) <==$/m).slice(1);
  const files = new Map<string, string>();
  for (let at = 0; at + 1 < parts.length; at += 2) files.set(parts[at] ?? '', parts[at + 1] ?? '');
  return files;
}

function field(text = '', name: string): string {
  return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
}

/** Real, effective, saved and file system user. */
function isNobody(uids: string): boolean {
  return uids !== '' && uids.split(/\s+/).every((uid) => Number(uid) > 0);
}

function isReadOnlyRoot(mounts = ''): boolean {
  return mounts.split('\n').some((line) => {
    const [, target, , options = ''] = line.split(' ');
    return target === '/' && options.split(',').includes('ro');
  });
}

function isLoopbackOnly(devices = ''): boolean {
  const names = [...devices.matchAll(/^\s*(\S+?):/gm)].map(([, name]) => name);
  return names.length > 0 && names.every((name) => name === 'lo');
}

function isLimited(limits = '', name: string): boolean {
  return new RegExp(`^${name} +\\d+ +\\d+ `, 'm').test(limits);
}

/** An unlimited memory reads as a number close to 2^63 in version 1, and as "max" in version 2. */
function hasLimit(files: Map<string, string>, names: readonly string[]): boolean {
  return names.some((name) => {
    const text = files.get(name)?.trim() ?? '';
    return /^\d+/.test(text) && Number.parseInt(text, 10) < unlimited;
  });
}
