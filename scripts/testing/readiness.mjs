// Brings what the tests need onto the machine while something else is looked at: most of it is waiting for downloads.
import { outputOf } from '../setup/project.mjs';

/** Our own images are built anew for every change; only stories run them, a browser and other shells. */
const needs = {
  unit: ['docker', 'images', 'moto', 'strace', 'faketime'],
  stories: ['compose', 'own-images', 'chromium', 'zsh', 'fish'],
};

let begun;
/** What was written and not yet shown. */
let written = '';

/**
 * Begins at once, and only once in a process.
 *
 * @returns for each part of the tests a function that waits until they can run, and shows what was done for it
 */
export function readyFor(parts) {
  begun ??= begin(parts);
  return begun;
}

function begin(parts) {
  const unit = prepare(needs.unit);
  const stories = parts.includes('stories') ? unit.then(() => prepare(needs.stories)) : unit;
  // A failure is told to whoever asks; nobody does, where something else has failed before.
  for (const preparation of [unit, stories]) preparation.catch(() => undefined);
  return { unit: () => shown(unit), stories: () => shown(stories) };
}

async function shown(preparation) {
  await preparation;
  process.stdout.write(written);
  written = '';
}

async function prepare(names) {
  const { code, output } = await outputOf('node', ['scripts/setup/prepare-machine.mjs', ...names]);
  if (code !== 0) throw new Error(`The machine could not be made ready for the tests.\n${output}`);
  written += output;
}
