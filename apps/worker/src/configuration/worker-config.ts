/** Everything a worker is told by its environment, checked once. */
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { logFormats, logLevels, type LogOptions } from '@longshore/adapters/logging';
import {
  clusterName,
  Settings,
  storagePolicy,
  traceSettings,
  type Environment,
  type TraceSettings,
} from '@longshore/adapters/settings';
import { LongshoreError, type ContainerPolicy, type StoragePolicy } from '@longshore/core';
import { engineSettings, type EngineSettings } from './engine-settings.js';
import { CloudSettings } from './cloud-settings.js';
import { containerPolicy, size } from './policy-settings.js';

/** One frozen object for the life of the process; the class is its injection token. */
export class WorkerConfig {
  /** Where the orchestrator listens, without a slash at the end; absent where its address is to be found. */
  readonly orchestratorUrl: string | undefined;
  /** It works for the orchestrator of this cluster and for no other. */
  readonly cluster: string;
  readonly cloud: CloudSettings;
  /** What lets this worker in; absent where the orchestrator needs no tokens. */
  readonly joinToken: string | undefined;
  /** Name or path of the plugin. */
  readonly plugin: string;
  /** Unique among the workers of this machine. */
  readonly name: string;
  /** Tasks worked on at the same time, one container each; absent where the machine decides. */
  readonly slots: number | undefined;
  /** Folder of this worker's workspaces; its own from start to end. */
  readonly home: string;
  /** Folder of the workspaces of all workers of this machine. */
  readonly workFolder: string;
  /** Room on the disk of the workspaces that no task may use. */
  readonly keepFreeBytes: number;
  /** Most that is fetched ahead of the running tasks; with 0, nothing overlaps. */
  readonly prefetchBytes: number;
  /** Touched while this worker is well; nothing is where none is named. */
  readonly healthFile: string | undefined;
  /** What runs the commands. */
  readonly engine: EngineSettings;
  /** What containers may have and do here. */
  readonly policy: ContainerPolicy;
  /** Whether to work only when the walls around containers are seen to stand. */
  readonly requireHardened: boolean;
  /** A connection to S3 on which nothing comes for so long counts as lost. */
  readonly storagePatienceSeconds: number;
  /** Endpoints and roles that jobs may name. */
  readonly storage: StoragePolicy;
  /** Where its metrics are served, to this machine alone; nowhere unless it is set. */
  readonly metricsPort: number | undefined;
  readonly traces: TraceSettings;
  readonly log: Readonly<Pick<LogOptions, 'level' | 'format'>>;

  /** @throws LongshoreError `invalid-configuration` */
  constructor(environment: Environment) {
    const settings = new Settings(environment);
    this.cloud = new CloudSettings(settings);
    this.cluster = clusterName(settings);
    const isFound = this.cloud.urlParameter !== undefined;
    this.orchestratorUrl = isFound ? undefined : httpUrl(settings.text('LONGSHORE_URL', 'http://127.0.0.1:8480'));
    this.joinToken = settings.secret('LONGSHORE_JOIN_TOKEN');
    this.plugin = settings.required(
      'LONGSHORE_PLUGIN',
      'which plugin this worker runs',
      'Set it, or start the worker with --plugin; "longshore plugin list" shows those that are installed.',
    );
    this.name = workerName(settings.text('LONGSHORE_WORKER_NAME', `${hostname()}-${process.pid}`));
    const isAuto = ['', 'auto'].includes(settings.text('LONGSHORE_SLOTS', ''));
    this.slots = isAuto ? undefined : settings.number('LONGSHORE_SLOTS', 1, { min: 1, max: 256, integer: true });
    this.workFolder = settings.text('LONGSHORE_WORK', join(tmpdir(), 'longshore-work'));
    this.home = join(this.workFolder, this.name);
    this.keepFreeBytes = size(settings, 'LONGSHORE_KEEP_FREE', '256MiB');
    this.prefetchBytes = size(settings, 'LONGSHORE_PREFETCH', '8GiB');
    this.healthFile = settings.text('LONGSHORE_HEALTH_FILE', '') || undefined;
    this.engine = engineSettings(settings, this.workFolder);
    this.policy = containerPolicy(settings);
    this.requireHardened = settings.choice('LONGSHORE_REQUIRE_HARDENED', 'false', ['true', 'false']) === 'true';
    this.storagePatienceSeconds = settings.number('LONGSHORE_STORAGE_PATIENCE_SECONDS', 60, { min: 1, max: 3_600 });
    this.storage = storagePolicy(settings);
    const hasMetrics = settings.text('LONGSHORE_METRICS_PORT', '') !== '';
    const metricsPort = settings.number('LONGSHORE_METRICS_PORT', 0, { min: 0, max: 65_535, integer: true });
    this.metricsPort = hasMetrics ? metricsPort : undefined;
    this.traces = traceSettings(settings);
    this.log = {
      level: settings.choice('LONGSHORE_LOG_LEVEL', 'info', logLevels),
      format: settings.choice('LONGSHORE_LOG_FORMAT', 'auto', logFormats),
    };
    Object.freeze(this);
  }
}

function httpUrl(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text.replace(/\/+$/, '');
  throw new LongshoreError('invalid-configuration', `LONGSHORE_URL is "${text}", which is no http address.`, {
    remedy: 'Set it to the address the orchestrator printed, such as http://127.0.0.1:8480.',
  });
}

/** The name becomes a folder, a label and part of container names. */
function workerName(text: string): string {
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,99}$/.test(text)) return text;
  throw new LongshoreError('invalid-configuration', `LONGSHORE_WORKER_NAME is "${text}".`, {
    remedy: 'Use at most 100 letters, digits, dots, hyphens and underscores, a letter or digit first.',
  });
}
