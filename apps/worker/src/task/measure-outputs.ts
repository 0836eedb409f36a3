/** Measures what a command has left in its outputs folder, and trusts none of it. */
import { lstatSync, opendirSync, type Dirent, type Stats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Limits } from '@longshore/core';

export type OutputLimits = Pick<Limits, 'outputBytes' | 'outputFiles'>;

export interface OutputMeasure {
  /** What the files take, on the disk or on their way to the storage, whichever is more: a sparse file is as large as it says. */
  bytes: number;
  /** Files and folders, and everything else that has a name. */
  entries: number;
  /** The first few names of what is neither a file nor a folder, or cannot be read, each with what it is. */
  strange: string[];
  /** A folder lies deeper than any path reaches. */
  tooDeep: boolean;
}

const atOnce = 64;
const mostStrange = 10;
const blockBytes = 512;

/**
 * Stops as soon as a limit is broken, so that its time and memory are bounded whatever is there. Follows no link and opens no file. The slot stands still
 * meanwhile, and a thread for each question was measured to cost four times as much; what else this process does has its turn after a few of them.
 */
export async function measureOutputs(folder: string, limits: OutputLimits): Promise<OutputMeasure> {
  const measure: OutputMeasure = { bytes: 0, entries: 0, strange: [], tooDeep: false };
  const open = [Buffer.from(folder)];
  const over = (): boolean => isOver(measure, limits);
  let inOneGo = 0;
  for (let next = open.pop(); next && !over(); next = open.pop()) {
    for (const names of batches(next, folder, measure)) {
      for (const path of names) look(path, folder, measure, open);
      if (over()) break;
      inOneGo += names.length;
      if (inOneGo < atOnce) continue;
      inOneGo = 0;
      await setImmediate();
    }
  }
  return measure;
}

export function isOver({ bytes, entries, tooDeep }: OutputMeasure, limits: OutputLimits): boolean {
  return tooDeep || bytes > limits.outputBytes || entries > limits.outputFiles;
}

/** The paths of a folder, some at a time: it may hold more names than fit into memory. */
function* batches(path: Buffer, root: string, measure: OutputMeasure): Generator<Buffer[]> {
  let batch: Buffer[] = [];
  try {
    using entries = opendirSync(path, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 });
    for (let entry = entries.readSync(); entry; entry = entries.readSync()) {
      const { name } = entry as Dirent<string | Buffer>;
      batch.push(Buffer.concat([path, Buffer.from('/'), Buffer.from(name)]));
      if (batch.length < atOnce) continue;
      yield batch;
      batch = [];
    }
  } catch (thrown) {
    note(thrown, path, root, measure);
  }
  if (batch.length > 0) yield batch;
}

function look(path: Buffer, root: string, measure: OutputMeasure, open: Buffer[]): void {
  measure.entries += 1;
  try {
    const found = lstatSync(path);
    if (found.isDirectory()) open.push(path);
    else if (found.isFile()) measure.bytes += Math.max(found.size, found.blocks * blockBytes);
    else remember(measure, path, root, kindOf(found));
  } catch (thrown) {
    note(thrown, path, root, measure);
  }
}

/** What is gone meanwhile is no trouble. */
function note(thrown: unknown, path: Buffer, root: string, measure: OutputMeasure): void {
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return;
  if (code === 'ENAMETOOLONG') measure.tooDeep = true;
  else if (code === 'EACCES' || code === 'EPERM') remember(measure, path, root, 'a folder that cannot be read');
  else throw thrown;
}

function remember({ strange }: OutputMeasure, path: Buffer, root: string, kind: string): void {
  if (strange.length < mostStrange) strange.push(`"${path.toString().slice(root.length + 1)}" (${kind})`);
}

function kindOf(found: Stats): string {
  if (found.isSymbolicLink()) return 'a link';
  if (found.isFIFO()) return 'a pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}
