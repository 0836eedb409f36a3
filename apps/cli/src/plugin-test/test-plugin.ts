/** Tries a plugin: its description first, then its image, then a real run, and the same run again. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderObjectStore } from '@longshore/adapters/folder';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import { formatLocation, parseLocation, type JobPlugin, type ObjectRef } from '@longshore/core';
import { UsageError } from '../terminal/usage-error.js';
import { checkImage } from './check-image.js';
import { checkLayout } from './check-layout.js';
import { checkAgain, checkExpected, checkOutputs, checkReports } from './check-results.js';
import { checkHooks, checkParams, checkShape, loadFailure } from './check-shape.js';
import type { Check } from './check.js';
import { checkTrial, runTwice } from './trial.js';

export interface PluginTest {
  /** Its name, or its absolute path. */
  source: string;
  params: Record<string, unknown>;
  /** Folders; those of the plugin itself, where nothing else is said. */
  input?: string;
  expect?: string;
}

/** More objects than this are not worth a task each. */
const mostAlone = 20;

/** @param tell of each check as it is done @throws UsageError without objects to try it on */
export async function testPlugin(wish: PluginTest, tell: (check: Check) => void): Promise<void> {
  const plugin = await loadPlugin(wish.source).catch((thrown: unknown) => tell(loadFailure(thrown)));
  if (!plugin) return;
  const inOrder = (...checks: Check[]): boolean => {
    for (const check of checks) tell(check);
    return checks.every(({ state }) => state !== 'failed');
  };
  if (!inOrder(checkShape(plugin))) return;
  const { check: paramsCheck, params } = checkParams(plugin, wish.params);
  if (!inOrder(paramsCheck) || !params || !inOrder(checkHooks(plugin, params))) return;
  const { input, expected } = await examplesOf(wish);
  const location = parseLocation(input);
  const { check: layoutCheck, taken, outputs } = checkLayout(plugin, location, await listed(input));
  const isFit = inOrder(layoutCheck);
  if (!inOrder(await checkImage(plugin)) || !isFit) return;
  await tryOut({ plugin, wish, input: formatLocation(location), expected, taken, outputs }, inOrder);
}

interface TryOut {
  plugin: JobPlugin;
  wish: PluginTest;
  input: string;
  expected: string | undefined;
  taken: readonly string[];
  outputs: readonly string[];
}

async function tryOut(what: TryOut, inOrder: (...checks: Check[]) => boolean): Promise<void> {
  const { plugin, wish, input, expected, taken, outputs } = what;
  const folder = await mkdtemp(join(tmpdir(), 'longshore-plugin-test-'));
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  const areAlone = taken.length > 1 && taken.length <= mostAlone && !plugin.layout.groupBy;
  const how = areAlone ? ' with one object in each task' : '';
  const trial = { plugin: plugin.name, params: wish.params, input, output: formatLocation(parseLocation(first)) };
  const other = { ...trial, output: formatLocation(parseLocation(second)), ...(areAlone && { batchSize: 1 }) };
  try {
    const again = await runTwice(wish.source, [trial, other], async (end) => {
      if (!inOrder(checkTrial(end))) return false;
      inOrder(await checkOutputs(first, outputs), await checkReports(plugin, first, outputs));
      if (expected !== undefined) inOrder(await checkExpected(first, expected));
      return true;
    });
    if (!again) return;
    const ended = checkTrial(again);
    if (ended.state === 'failed') inOrder({ ...ended, check: 'again', says: `In a second run${how}: ${ended.says}` });
    else inOrder(await checkAgain(first, second, how));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A plugin that lies in a folder may bring its own. */
async function examplesOf({
  source,
  input,
  expect,
}: PluginTest): Promise<{ input: string; expected: string | undefined }> {
  const own = source.startsWith('/') && (await isFolder(source)) ? join(source, 'example') : undefined;
  const ownInput = own !== undefined && (await isFolder(join(own, 'input'))) ? join(own, 'input') : undefined;
  const objects = input ?? ownInput;
  if (objects === undefined) {
    const reason = 'There are no objects to try the plugin on.';
    throw new UsageError(reason, 'Name a folder of a few with --input, or put them into example/input of its folder.');
  }
  for (const folder of [objects, ...(expect === undefined ? [] : [expect])]) {
    if (!(await isFolder(folder))) throw new UsageError(`There is no folder ${folder}.`, 'Check the path.');
  }
  // What the plugin expects of its own examples says nothing of others, or of other parameters.
  if (expect !== undefined || own === undefined || input !== undefined) return { input: objects, expected: expect };
  const expected = join(own, 'expected');
  return { input: objects, expected: (await isFolder(expected)) ? expected : undefined };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function listed(folder: string): Promise<ObjectRef[]> {
  const objects: ObjectRef[] = [];
  for await (const page of new FolderObjectStore().list(parseLocation(folder))) objects.push(...page);
  return objects;
}
