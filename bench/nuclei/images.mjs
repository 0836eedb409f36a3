/** The 24 real images of the example, once or several times, and places for their results. */
import { chmod, copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

const source = path.join(import.meta.dirname, '../../examples/nuclei/images');

/** Lays `count` images into a new folder, in two halves: one for each of two processes. Resolves with the names, halves in order. */
export async function layOut(folder, count) {
  const real = (await readdir(source)).sort();
  const names = Array.from({ length: count }, (_, at) => `${String(at).padStart(4, '0')}-${real[at % real.length]}`);
  const halves = [names.slice(0, count / 2), names.slice(count / 2)];
  for (const part of ['all', 'first', 'second']) await mkdir(path.join(folder, part), { recursive: true });
  for (const [at, name] of names.entries()) {
    const from = path.join(source, real[at % real.length]);
    for (const part of ['all', at < count / 2 ? 'first' : 'second'])
      await copyFile(from, path.join(folder, part, name));
  }
  return halves.flat();
}

/** A fresh folder with the given ones in it, which the container's user may write into. */
export async function freshOutput(folder, parts = []) {
  await rm(folder, { recursive: true, force: true });
  for (const part of ['', ...parts]) {
    await mkdir(path.join(folder, part), { recursive: true });
    await chmod(path.join(folder, part), 0o777);
  }
  return folder;
}

/** A run that made fewer label images than it had images was no run. */
export async function expectLabels(folder, count) {
  const made = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.labels.png')).length;
  if (made !== count) throw new Error(`${made} label images were made of ${count} images`);
}
