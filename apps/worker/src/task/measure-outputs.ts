/** Measures what a command has left in its outputs folder, and trusts none of it. */
import type { BigIntStats, Dirent, Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
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

/** Stops as soon as a limit is broken, so that its time and memory are bounded whatever is there. Follows no link and opens no file. */
export async function measureOutputs(folder: string, limits: OutputLimits): Promise<OutputMeasure> {
  const measure: OutputMeasure = { bytes: 0, entries: 0, strange: [], tooDeep: false };
  const open = [Buffer.from(folder)];
  const over = (): boolean => isOver(measure, limits);
  for (let next = open.pop(); next && !over(); next = open.pop()) {
    for await (const names of batches(next, folder, measure)) {
      await Promise.all(names.map((path) => look(path, folder, measure, open)));
      if (over()) break;
    }
  }
  return measure;
}

export function isOver({ bytes, entries, tooDeep }: OutputMeasure, limits: OutputLimits): boolean {
  return tooDeep || bytes > limits.outputBytes || entries > limits.outputFiles;
}

/** The paths of a folder, some at a time: it may hold more names than fit into memory. */
async function* batches(path: Buffer, root: string, measure: OutputMeasure): AsyncGenerator<Buffer[]> {
  let batch: Buffer[] = [];
  try {
    const entries = (await opendir(path, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 })) as AsyncIterable<
      Dirent<string | Buffer>
    >;
    for await (const { name } of entries) {
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

async function look(path: Buffer, root: string, measure: OutputMeasure, open: Buffer[]): Promise<void> {
  measure.entries += 1;
  try {
    const found = await lstat(path);
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

function kindOf(found: Stats | BigIntStats): string {
  if (found.isSymbolicLink()) return 'a link';
  if (found.isFIFO()) return 'a pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}
