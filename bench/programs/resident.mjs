/** What a process has of the machine, as the kernel counts it: memory now and at its highest, and time of the processors. */
import { readFile } from 'node:fs/promises';

export async function residentMegabytes(pid) {
  return field(pid, 'VmRSS');
}

export async function highestMegabytes(pid) {
  return field(pid, 'VmHWM');
}

/** In the hundredths of a second that Linux counts. */
export async function cpuSeconds(pid) {
  const [, , user, system] = /\) (\S+ ){11}(\d+) (\d+)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8'));
  return (Number(user) + Number(system)) / 100;
}

async function field(pid, name) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
  return (Number(kilobytes) * 1024) / 1e6;
}
