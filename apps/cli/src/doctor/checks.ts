/** Everything there is to look at, for one wish. */
import type { EngineFacts } from '@longshore/adapters/docker';
import { defaultBatchingRule, limitsOf, LongshoreError, type JobPlugin } from '@longshore/core';
import type { Outside } from './compose.js';
import type { Check } from './examine.js';
import { finding, notAsked, type Finding } from './finding.js';
import { judgeDisk, workspaceNeed } from './judge/disk.js';
import { judgeEngine, judgeImage, judgeNoEngine, judgeNoImage } from './judge/engine.js';
import { judgeCpus, judgeMemory, judgeNode, judgeOpenFiles, type Demand } from './judge/machine.js';
import { judgeSettings } from './judge/settings.js';
import { judgeStorage, noStorage } from './judge/storage.js';
import { orchestratorChecks } from './orchestrator-checks.js';
import { freeBytesIn, lookAtDisk, openFileLimit, supplyOf } from './probe/machine-probe.js';
import { lookAtInput, lookAtOutput, type StorageLook } from './probe/storage-probe.js';
import type { Question } from './question.js';
import type { Wish } from './wish.js';

const gibibyte = 1024 ** 3;

/** Things that more than one check needs are looked at once. */
interface Shared {
  plugin: Promise<JobPlugin | undefined>;
  engine: Promise<EngineLook>;
  input: (signal: AbortSignal) => Promise<StorageLook> | undefined;
}

interface EngineLook {
  facts?: EngineFacts;
  failure?: unknown;
}

export function allChecks(question: Question, outside: Outside): Check[] {
  const shared = share(question, outside);
  return [
    { name: 'node', look: async () => [judgeNode(process.versions.node)] },
    ...pluginChecks(question, outside, shared),
    ...storageChecks(question.wish, outside, shared),
    ...machineChecks(question, outside, shared),
    ...orchestratorChecks(question, outside, shared.plugin),
    { name: 'settings', look: async () => judgeSettings(question.environment) },
  ];
}

function share({ wish }: Question, outside: Outside): Shared {
  const { plugin, input } = wish;
  const loading = plugin === undefined ? Promise.resolve(undefined) : outside.loadPlugin(plugin);
  let looking: Promise<StorageLook> | undefined;
  return {
    plugin: loading.catch(() => undefined),
    engine: (async () => (outside.engine ? { facts: await outside.engine.facts() } : {}))().catch(
      (failure: unknown) => ({ failure }),
    ),
    input: (signal) => (looking ??= input && lookAtInput(outside.objects, input, signal)),
  };
}

function pluginChecks({ wish }: Question, outside: Outside, shared: Shared): Check[] {
  return [
    { name: 'plugin', look: async () => [await lookAtPlugin(wish.plugin, outside)] },
    { name: 'docker', look: () => lookAtEngine(outside, shared) },
    { name: 'image', look: async () => [await lookAtImage(outside, shared)] },
  ];
}

async function lookAtPlugin(source: string | undefined, { loadPlugin }: Outside): Promise<Finding> {
  if (source === undefined) return notAsked('plugin', 'no plugin given');
  try {
    const { name, version } = await loadPlugin(source);
    return finding('plugin-ok', 'plugin', `${name} ${version}.`);
  } catch (thrown) {
    const { code, message } = thrown as LongshoreError;
    return finding(code === 'plugin-unknown' ? 'plugin-unknown' : 'plugin-broken', 'plugin', message);
  }
}

async function lookAtEngine({ engine }: Outside, shared: Shared): Promise<Finding[]> {
  if (!engine) return [notAsked('docker', 'LONGSHORE_ENGINE is "process": commands run without it')];
  const { facts, failure } = await shared.engine;
  if (failure instanceof LongshoreError) return [judgeNoEngine(failure)];
  if (!facts) throw failure;
  return judgeEngine(facts, facts.isHere ? await freeBytesIn(facts.imageFolder) : undefined);
}

async function lookAtImage({ engine }: Outside, shared: Shared): Promise<Finding> {
  const [plugin, { facts }] = await Promise.all([shared.plugin, shared.engine]);
  if (!plugin) return notAsked('image', 'no plugin to take it from');
  if (!engine || !facts) return notAsked('image', 'no container engine to ask for it');
  const { image } = plugin.container;
  try {
    return judgeImage(image, await engine.image(image), facts.platform);
  } catch (thrown) {
    if (thrown instanceof LongshoreError) return judgeNoImage(image, thrown);
    throw thrown;
  }
}

function storageChecks({ output }: Wish, { objects }: Outside, shared: Shared): Check[] {
  return [
    {
      name: 'input',
      look: async (signal) => {
        const looked = await shared.input(signal);
        return [looked ? judgeStorage(looked.facts) : noStorage('input')];
      },
    },
    {
      name: 'output',
      look: async (signal) => [
        output ? judgeStorage(await lookAtOutput(objects, output, signal)) : noStorage('output'),
      ],
    },
  ];
}

function machineChecks(question: Question, outside: Outside, shared: Shared): Check[] {
  const slots = () => question.slots ?? outside.slots();
  const wanted = async (): Promise<Demand | undefined> => {
    const plugin = await shared.plugin;
    return plugin && { plugin: plugin.name, limits: limitsOf(plugin.container.resources), slots: slots() };
  };
  const supply = async () => supplyOf((await shared.engine).facts);
  return [
    { name: 'memory', look: async () => [judgeMemory(await supply(), await wanted())] },
    { name: 'cpus', look: async () => [judgeCpus(await supply(), await wanted())] },
    { name: 'open files', look: async () => [judgeOpenFiles(await openFileLimit())] },
    { name: 'disk', look: async (signal) => lookAtDisks({ question, outside, shared, slots: slots() }, signal) },
  ];
}

interface DiskQuestion {
  question: Question;
  outside: Outside;
  shared: Shared;
  slots: number;
}

async function lookAtDisks(
  { question, outside, shared, slots }: DiskQuestion,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { home, setting } = outside;
  const work = setting('LONGSHORE_WORK');
  const workspaces = await lookAtDisk({
    what: 'workspaces',
    folder: work ?? `${home}/work`,
    setting: work === undefined ? 'LONGSHORE_HOME' : 'LONGSHORE_WORK',
  });
  const state = await lookAtDisk({
    what: 'state',
    folder: setting('LONGSHORE_STATE') ?? home,
    setting: 'LONGSHORE_STATE',
  });
  const { sizes } = (await shared.input(signal)?.catch(() => undefined)) ?? { sizes: [] };
  const rule = { ...defaultBatchingRule, ...question.wish.batching };
  return [
    judgeDisk(workspaces, workspaceNeed(outside.keptFree(), slots, { sizes, ...rule })),
    judgeDisk(state, { bytes: gibibyte, why: 'to hold the state of large jobs' }),
  ];
}
