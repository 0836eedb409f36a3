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
import pLimit from 'p-limit';
import { allOrFirstError } from './all-or-first-error.js';

export interface CheckedOutputs {
  object: PluginObject;
  /** Names below the outputs folder. */
  names: string[];
  record?: Record<string, unknown>;
}

const largestRecordBytes = 64 * 1024;

/** The slot stands still meanwhile. */
const atOnce = 32;

/** @throws LongshoreError `output-missing`, `output-not-a-file` or `record-invalid`, with the log of the command, of the first object that has one */
export async function checkOutputs(
  plugin: JobPlugin,
  objects: readonly PluginObject[],
  folder: string,
  log: string,
): Promise<CheckedOutputs[]> {
  const check = new OutputCheck(plugin, folder, log);
  const limit = pLimit(atOnce);
  return allOrFirstError(objects.map((object) => limit(() => check.object(object))));
}

/** Those of the objects whose outputs are all there, of a command that ended early. */
export async function finishedOutputs(
  plugin: JobPlugin,
  objects: readonly PluginObject[],
  folder: string,
): Promise<CheckedOutputs[]> {
  const check = new OutputCheck(plugin, folder, '');
  const limit = pLimit(atOnce);
  const found = await Promise.all(objects.map((object) => limit(() => check.object(object).catch(() => undefined))));
  return found.filter((checked) => checked !== undefined);
}

class OutputCheck {
  /** Whether it is a folder of the workspace, by its name: most outputs lie in the same. */
  private readonly folders = new Map<string, Promise<boolean>>();

  constructor(
    private readonly plugin: JobPlugin,
    private readonly folder: string,
    private readonly log: string,
  ) {}

  async object(object: PluginObject): Promise<CheckedOutputs> {
    const names = declaredOutputs(this.plugin, object);
    for (const name of names) await this.file(object, name);
    const recordName = declaredRecord(this.plugin, object);
    if (recordName === undefined) return { object, names };
    await this.file(object, recordName);
    return { object, names, record: await readRecord(object, this.folder, recordName, this.log) };
  }

  private async file(object: PluginObject, name: string): Promise<void> {
    const { log } = this;
    const [found, isInside] = await Promise.all([
      lstat(join(this.folder, name)).catch(() => undefined),
      this.isInside(dirname(name)),
    ]);
    if (!found) {
      const { message, objectKey } = missingOutput(object.key, name);
      throw new LongshoreError('output-missing', message, { log, ...(objectKey !== undefined && { objectKey }) });
    }
    if (found.isFile() && isInside) return;
    throw new LongshoreError('output-not-a-file', `The output "${name}" of "${object.key}" is not a regular file.`, {
      objectKey: object.key,
      log,
      remedy: 'Write plain files, without links, into the outputs folder.',
    });
  }

  /** A folder that is a link could lead the upload to any file of this machine. */
  private isInside(name: string): Promise<boolean> {
    const known = this.folders.get(name) ?? leadsWhereItSays(this.folder, name).catch(() => false);
    this.folders.set(name, known);
    return known;
  }
}

async function leadsWhereItSays(folder: string, name: string): Promise<boolean> {
  const [here, root] = await Promise.all([realpath(join(folder, name)), realpath(folder)]);
  return here === join(root, name);
}

async function readRecord(
  object: PluginObject,
  folder: string,
  name: string,
  log: string,
): Promise<Record<string, unknown>> {
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
