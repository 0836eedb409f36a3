/** The composition root: the only place of the worker that names adapters. */
import { FolderObjectStore } from '@longshore/adapters/folder';
import { RoutedObjectStore } from '@longshore/adapters/object-stores';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import { S3ObjectStore } from '@longshore/adapters/s3';
import { SystemChance, SystemClock } from '@longshore/adapters/system';
import { NoTracer, type Discovery, type Machine, type Tracer } from '@longshore/core';
import { Address } from './client/address.js';
import { Credentials } from './client/credentials.js';
import { OrchestratorClient } from './client/orchestrator-client.js';
import type { CloudSettings } from './configuration/cloud-settings.js';
import type { WorkerConfig } from './configuration/worker-config.js';
import { openEngine } from './engine/compose.js';
import { findJoinToken, tokenBeside } from './discovery/join-token.js';
import { LastContact } from './discovery/last-contact.js';
import { OrchestratorFinder } from './discovery/orchestrator-finder.js';
import { ThreadedHeartbeats } from './heartbeat/heartbeat-thread.js';
import { LoadedPlugin } from './loaded-plugin.js';
import { looksLikeEc2 } from './machine/looks-like-ec2.js';
import { SlotCount } from './machine/slot-count.js';
import { WorkerMeter } from './metrics/worker-meter.js';
import { NoMachine } from './machine/no-machine.js';
import type { OutsideWorld } from './worker.module.js';

export async function compose(
  config: WorkerConfig,
  machine: Machine,
  say: (line: string) => void,
): Promise<OutsideWorld> {
  const [clock, chance] = [new SystemClock(), new SystemChance()];
  const { cluster, name: workerName, workFolder } = config;
  const joinToken = config.joinToken ?? (await composeJoinToken(config.cloud, { clock, say }));
  const credentials = new Credentials(joinToken);
  const discovery = await composeDiscovery(config.cloud);
  const address = new Address(config.orchestratorUrl, discovery !== undefined);
  const client = new OrchestratorClient(address, credentials, cluster);
  const probe = (url: string, signal?: AbortSignal) => client.probe(url, signal);
  const plugin = new LoadedPlugin(await loadPlugin(config.plugin), config.policy);
  return {
    config,
    slots: SlotCount.decide(config.slots, plugin.plugin),
    plugin,
    engine: openEngine(config.engine),
    objects: new RoutedObjectStore({
      folder: () => new FolderObjectStore(),
      s3: () => new S3ObjectStore({ patienceMs: config.storagePatienceSeconds * 1000, policy: config.storage }),
    }),
    client,
    address,
    finder: new OrchestratorFinder({ discovery, address, probe, clock, chance, say }),
    contact: new LastContact(address, clock, config.cloud.giveUpMs),
    machine,
    clock,
    chance,
    tracer: await composeTracer(config),
    meter: await composeMeter(config),
    heartbeats: new ThreadedHeartbeats(
      { cluster, workerName, workFolder, clockZero: clock.zero, engine: config.engine },
      credentials,
      address,
    ),
  };
}

/** Loaded only where somebody wants traces. */
async function composeTracer({ traces, name }: WorkerConfig): Promise<Tracer> {
  if (!traces.isOn) return new NoTracer();
  const { OtlpTracer } = await import('@longshore/adapters/tracing');
  return new OtlpTracer({ 'service.name': 'longshore-worker', 'service.instance.id': name });
}

async function composeMeter({ metricsPort }: WorkerConfig): Promise<WorkerMeter> {
  if (metricsPort === undefined) return new WorkerMeter();
  const { PrometheusMeter } = await import('./metrics/prometheus-meter.js');
  return new PrometheusMeter();
}

/** What speaks to AWS is loaded only where it is needed. */
export async function composeMachine({ kind }: CloudSettings): Promise<Machine> {
  const isToldWhere = process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT !== undefined;
  if (kind === 'none' || (kind === 'auto' && !isToldWhere && !looksLikeEc2())) return new NoMachine();
  const { Ec2Machine } = await import('@longshore/adapters/aws');
  return new Ec2Machine();
}

async function composeJoinToken(
  { urlParameter }: CloudSettings,
  tools: Parameters<typeof findJoinToken>[1],
): Promise<string | undefined> {
  if (urlParameter === undefined) return undefined;
  const { readSecretParameter } = await import('@longshore/adapters/aws');
  return findJoinToken(() => readSecretParameter(tokenBeside(urlParameter)), tools);
}

async function composeDiscovery({ urlParameter }: CloudSettings): Promise<Discovery | undefined> {
  if (urlParameter === undefined) return undefined;
  const { SsmDiscovery } = await import('@longshore/adapters/aws');
  return new SsmDiscovery(urlParameter);
}
