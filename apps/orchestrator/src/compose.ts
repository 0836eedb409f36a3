/** The composition root: the only place of the orchestrator that names adapters. */
import { FolderObjectStore } from '@longshore/adapters/folder';
import { LogNotifier, readSecrets, WebhookNotifier } from '@longshore/adapters/notifiers';
import { RoutedObjectStore } from '@longshore/adapters/object-stores';
import { installedPlugins, loadPlugin } from '@longshore/adapters/plugin-loader';
import { SqliteJobStore, SqliteScratch, SqliteStateCopier } from '@longshore/adapters/sqlite';
import { SystemChance, SystemClock } from '@longshore/adapters/system';
import { NoTracer, type ObjectStore, type Tracer } from '@longshore/core';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as S3 from '@longshore/adapters/s3';
import { Logger } from '@nestjs/common';
import type { OrchestratorConfig } from './configuration/orchestrator-config.js';
import { builtDashboard } from './dashboard/built-dashboard.js';
import type { Channel } from './notifications/channels.js';
import type { OutsideWorld } from './outside-world.module.js';
import { OwnProcess } from './own-process.js';
import { PluginCatalog } from './plugins/plugin-catalog.js';

export async function compose(config: OrchestratorConfig, own = new OwnProcess()): Promise<OutsideWorld> {
  const plugins = await loadPlugins(config);
  const cloud = await composeCloud(config);
  const store = new SqliteJobStore(config.statePath, own.fail);
  return {
    config,
    own,
    plugins,
    store,
    copier: new SqliteStateCopier(store),
    onServing: (url) => store.servesAt(url),
    objects: new RoutedObjectStore({
      folder: () => new FolderObjectStore(),
      s3: () => composeS3(config),
    }),
    scratch: new SqliteScratch(),
    clock: SystemClock.notBefore(store.latestTime),
    chance: new SystemChance(),
    tracer: await composeTracer(config),
    dashboard: builtDashboard(),
    ...cloud,
    channels: [byLog(), ...cloud.channels, ...byWebhook(config)],
  };
}

/** Loaded with the first location on S3, at once, because whoever asks for a store waits for it. */
function composeS3({ storagePatienceSeconds, storage }: OrchestratorConfig): ObjectStore {
  const load = createRequire(import.meta.url);
  const { S3ObjectStore } = load('@longshore/adapters/s3') as typeof S3;
  return new S3ObjectStore({ patienceMs: storagePatienceSeconds * 1000, policy: storage });
}

/** Loaded only where somebody wants traces. */
async function composeTracer({ traces, cluster }: OrchestratorConfig): Promise<Tracer> {
  if (!traces.isOn) return new NoTracer();
  const { OtlpTracer } = await import('@longshore/adapters/tracing');
  return new OtlpTracer({ 'service.name': 'longshore-orchestrator', 'service.namespace': cluster });
}

async function loadPlugins({ plugins, job }: OrchestratorConfig): Promise<PluginCatalog> {
  const names = plugins.length > 0 ? plugins : await installedPlugins();
  const wanted = [...new Set([...names, ...(job ? [job.plugin] : [])])];
  const loaded = await Promise.all(wanted.map(async (name) => [name, await loadPlugin(name)] as const));
  return new PluginCatalog(
    loaded.map(([, plugin]) => plugin),
    new Map(loaded.map(([name, plugin]) => [name, plugin.name])),
  );
}

/** The adapters of AWS take a while to load, so a process that needs none of them loads none. */
async function composeCloud(
  config: OrchestratorConfig,
): Promise<Pick<OutsideWorld, 'discovery' | 'machine' | 'channels'>> {
  const { address, mail, runEnd } = config;
  const endsMachine = runEnd.shutdown === 'stop' || runEnd.shutdown === 'terminate';
  const leavesAddress = address.parameter !== undefined;
  if (!leavesAddress && !mail.addresses && !endsMachine) return { channels: [] };
  const { Ec2Machine, SesNotifier, SsmDiscovery } = await import('@longshore/adapters/aws');
  return {
    ...(leavesAddress && { discovery: new SsmDiscovery(address.parameter) }),
    ...((endsMachine || (leavesAddress && address.publicUrl === undefined)) && { machine: new Ec2Machine() }),
    channels: mail.addresses ? [{ name: 'mail', kind: 'mail', notifier: new SesNotifier(mail.addresses) }] : [],
  };
}

function byLog(): Channel {
  const news = new Logger('News');
  return { name: 'log', kind: 'log', notifier: new LogNotifier((line) => news.log(line)) };
}

/** Named by what does not change when another one is added, and shows no more of an address than its host. */
function byWebhook({ news }: OrchestratorConfig): Channel[] {
  if (news.webhooks.length === 0) return [];
  const secrets = readSecrets(news.webhookSecret ?? '', 'LONGSHORE_WEBHOOK_SECRET');
  return news.webhooks.map((url) => {
    const mark = createHash('sha256').update(url).digest('hex').slice(0, 8);
    const notifier = new WebhookNotifier({ url, secrets, allowPrivate: news.allowPrivateWebhooks });
    return { name: `webhook:${new URL(url).host}:${mark}`, kind: 'webhook', notifier };
  });
}
