/** Reads what earlier jobs recorded beside an output, by the key of the object; the newest record of each counts. */
import {
  LongshoreError,
  placeBelow,
  readDoneRecord,
  recordsFolder,
  type Location,
  type ObjectRef,
  type ObjectStore,
  type ScratchTable,
} from '@longshore/core';
import { linesOf } from './lines.js';

const inOneGo = 500;

/**
 * Loads every record into a table. A line that is damaged or somebody else's is left out, and a file that goes away meanwhile too: what it
 * recorded is done again.
 *
 * @returns how many records were read
 */
export async function loadRecords(
  objects: ObjectStore,
  output: Location,
  table: ScratchTable,
  { warn, signal }: { warn: (line: string) => void; signal: AbortSignal },
): Promise<number> {
  const place = placeBelow(output, recordsFolder);
  let read = 0;
  for (const file of await recordFiles(objects, place, signal)) {
    const { records, damaged } = await loadFile(objects, place, file, table, signal).catch((thrown: unknown) => {
      const isGone = thrown instanceof LongshoreError && ['input-missing', 'input-changed'].includes(thrown.code);
      if (!isGone) throw thrown;
      return { records: 0, damaged: 1 };
    });
    read += records;
    if (damaged > 0)
      warn(`${damaged} lines of ${file.key} cannot be read and are ignored; what they say is done again.`);
  }
  return read;
}

/** In the order of time, which is the order of their names. */
async function recordFiles(objects: ObjectStore, place: Location, signal: AbortSignal): Promise<ObjectRef[]> {
  const files: ObjectRef[] = [];
  try {
    for await (const page of objects.list(place, { signal })) {
      files.push(...page.filter(({ key }) => key.endsWith('.jsonl')));
    }
  } catch (thrown) {
    if (!(thrown instanceof LongshoreError) || thrown.code !== 'location-not-found') throw thrown;
  }
  return files;
}

async function loadFile(
  objects: ObjectStore,
  place: Location,
  file: ObjectRef,
  table: ScratchTable,
  signal: AbortSignal,
): Promise<{ records: number; damaged: number }> {
  let [records, damaged] = [0, 0];
  let batch: [string, string][] = [];
  const store = async () => {
    await table.put(batch);
    records += batch.length;
    batch = [];
  };
  for await (const line of linesOf(objects.read(place, file, signal))) {
    const record = readDoneRecord(line);
    if (!record) damaged += 1;
    else batch.push([record.key, line]);
    if (batch.length >= inOneGo) await store();
  }
  await store();
  return { records, damaged };
}
