/** Decides whether a command has done what its plugin promised: every declared output exists as a regular file of the workspace. */
import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  declaredOutputs,
  declaredRecord,
  LongshoreError,
  missingOutput,
  type JobPlugin,
  type PluginObject,
} from '@longshore/core';

export interface CheckedOutputs {
  object: PluginObject;
  /** Names below the outputs folder. */
  names: string[];
  record?: Record<string, unknown>;
}

const largestRecordBytes = 64 * 1024;

/** @throws LongshoreError `output-missing`, `output-not-a-file` or `record-invalid`, with the log of the command */
export async function checkOutputs(
  plugin: JobPlugin,
  objects: readonly PluginObject[],
  folder: string,
  log: string,
): Promise<CheckedOutputs[]> {
  const checked: CheckedOutputs[] = [];
  for (const object of objects) checked.push(await checkObject(plugin, object, folder, log));
  return checked;
}

/** Those of the objects whose outputs are all there, of a command that ended early. */
export async function finishedOutputs(
  plugin: JobPlugin,
  objects: readonly PluginObject[],
  folder: string,
): Promise<CheckedOutputs[]> {
  const finished: CheckedOutputs[] = [];
  for (const object of objects) {
    const checked = await checkObject(plugin, object, folder, '').catch(() => undefined);
    if (checked) finished.push(checked);
  }
  return finished;
}

async function checkObject(
  plugin: JobPlugin,
  object: PluginObject,
  folder: string,
  log: string,
): Promise<CheckedOutputs> {
  const names = declaredOutputs(plugin, object);
  for (const name of names) await checkFile(object, folder, name, log);
  const recordName = declaredRecord(plugin, object);
  if (recordName === undefined) return { object, names };
  return { object, names, record: await readRecord(object, folder, recordName, log) };
}

async function checkFile(object: PluginObject, folder: string, name: string, log: string): Promise<void> {
  const path = join(folder, name);
  const found = await lstat(path).catch(() => undefined);
  if (!found) {
    const { message, objectKey } = missingOutput(object.key, name);
    throw new LongshoreError('output-missing', message, { log, ...(objectKey !== undefined && { objectKey }) });
  }
  // A folder that is a link could lead the upload to any file of this machine.
  const inside = (await realpath(dirname(path))) === join(await realpath(folder), dirname(name));
  if (found.isFile() && inside) return;
  throw new LongshoreError('output-not-a-file', `The output "${name}" of "${object.key}" is not a regular file.`, {
    objectKey: object.key,
    log,
    remedy: 'Write plain files, without links, into the outputs folder.',
  });
}

async function readRecord(
  object: PluginObject,
  folder: string,
  name: string,
  log: string,
): Promise<Record<string, unknown>> {
  await checkFile(object, folder, name, log);
  await using file = await open(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const { size } = await file.stat();
  const record: unknown = size > largestRecordBytes ? undefined : parse(await file.readFile('utf8'));
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) return record as Record<string, unknown>;
  throw new LongshoreError(
    'record-invalid',
    `The record "${name}" of "${object.key}" is not a JSON object of at most 64 KiB.`,
    {
      objectKey: object.key,
      log,
      remedy: 'Mend the command.',
    },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
