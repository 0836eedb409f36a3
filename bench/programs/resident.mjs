/** The memory that a process holds, as the kernel counts it: now, and at its highest. */
import { readFile } from 'node:fs/promises';

export async function residentMegabytes(pid) {
  return field(pid, 'VmRSS');
}

export async function highestMegabytes(pid) {
  return field(pid, 'VmHWM');
}

async function field(pid, name) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
  return (Number(kilobytes) * 1024) / 1e6;
}
