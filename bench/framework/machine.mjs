/** What one has to know of the machine to read the figures: its processor, memory, kernel, disk and programs. */
import { mkdtemp, open, readFile, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { median } from './numbers.mjs';

const SYNCS = 100;
/** Of the file systems that a folder for temporary files is usually on. */
const fileSystems = {
  0xef53: 'ext4',
  0x01021994: 'tmpfs',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x794c7630: 'overlay',
};

export async function machineFacts() {
  const { model } = os.cpus()[0];
  const { type } = await statfs(os.tmpdir());
  return {
    processor: `${os.availableParallelism()} x ${model}`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${await distribution()}, ${os.type()} ${os.release()}, ${os.arch()}`,
    disk: `${fileSystems[type] ?? `file system ${type.toString(16)}`}, ${(await syncMs()).toFixed(2)} ms for an fsync of 4 KiB`,
    node: process.version,
  };
}

async function distribution() {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="?(.*?)"?$/m.exec(text)?.[1] ?? os.platform();
}

async function syncMs() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-bench-'));
  try {
    await using file = await open(path.join(folder, 'file'), 'w');
    const page = Buffer.alloc(4096, 1);
    const times = [];
    for (let count = 0; count < SYNCS; count += 1) {
      const before = performance.now();
      await file.write(page, 0, page.length, count * page.length);
      await file.sync();
      times.push(performance.now() - before);
    }
    return median(times);
  } finally {
    await rm(folder, { recursive: true });
  }
}
