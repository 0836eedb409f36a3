/** Everything the orchestrator is told by its environment, checked once. */
import { homedir } from 'node:os';
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
import type { StoragePolicy } from '@longshore/core';
import { AccessSettings } from './access-settings.js';
import { AddressSettings } from './address-settings.js';
import { ConfiguredJobSettings } from './configured-job-settings.js';
import { MailSettings } from './mail-settings.js';
import { NewsSettings } from './news-settings.js';
import { RunEndSettings, type WhenDone } from './run-end-settings.js';

/** One frozen object for the life of the process; the class is its injection token. */
export class OrchestratorConfig {
  /** Any but one of this machine alone needs a token. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Path of the SQLite file. */
  readonly statePath: string;
  /** Names or paths of the plugins jobs may use; none named means all that are installed. */
  readonly plugins: readonly string[];
  /** The plugin that workers run which name none, as those of the original system do. */
  readonly plugin: string | undefined;
  /** A lease that is not renewed for this long is taken back. */
  readonly leaseSeconds: number;
  readonly heartbeatSeconds: number;
  /** What workers are told when nothing is queued and nothing is in flight. */
  readonly whenDone: WhenDone;
  /** A connection to S3 on which nothing comes for so long counts as lost. */
  readonly storagePatienceSeconds: number;
  /** Workers of another cluster are refused. */
  readonly cluster: string;
  /** Endpoints and roles that jobs may name. */
  readonly storage: StoragePolicy;
  readonly access: AccessSettings;
  /** The job that is begun by configuration; undefined where people submit jobs. */
  readonly job: ConfiguredJobSettings | undefined;
  readonly address: AddressSettings;
  readonly mail: MailSettings;
  readonly news: NewsSettings;
  readonly runEnd: RunEndSettings;
  readonly traces: TraceSettings;
  readonly log: Readonly<Pick<LogOptions, 'level' | 'format'>>;

  /** @throws LongshoreError `invalid-configuration` */
  constructor(environment: Environment) {
    const settings = new Settings(environment);
    this.host = settings.text('LONGSHORE_HOST', '127.0.0.1');
    this.port = settings.number('LONGSHORE_PORT', 8480, { min: 0, max: 65_535, integer: true });
    this.statePath = join(settings.text('LONGSHORE_STATE', join(homedir(), '.longshore')), 'state.db');
    this.plugins = settings.list('LONGSHORE_PLUGINS');
    this.plugin = settings.text('LONGSHORE_PLUGIN', '') || undefined;
    this.leaseSeconds = settings.number('LONGSHORE_LEASE_SECONDS', 60, { min: 2, max: 3_600 });
    this.heartbeatSeconds = settings.number('LONGSHORE_HEARTBEAT_SECONDS', this.leaseSeconds / 4, {
      min: 0.1,
      max: this.leaseSeconds / 3,
    });
    this.storagePatienceSeconds = settings.number('LONGSHORE_STORAGE_PATIENCE_SECONDS', 60, { min: 1, max: 3_600 });
    this.cluster = clusterName(settings);
    this.storage = storagePolicy(settings);
    this.access = new AccessSettings(settings, this.leaseSeconds);
    this.job = ConfiguredJobSettings.read(settings);
    const job = this.job !== undefined;
    this.address = new AddressSettings(settings, { job, isLoopback: this.isLoopback });
    this.mail = new MailSettings(settings);
    this.runEnd = new RunEndSettings(settings, { job, leaseSeconds: this.leaseSeconds });
    this.news = new NewsSettings(settings, { runEnd: this.runEnd.enabled });
    this.whenDone = this.runEnd.whenDone;
    this.traces = traceSettings(settings);
    this.log = {
      level: settings.choice('LONGSHORE_LOG_LEVEL', 'info', logLevels),
      format: settings.choice('LONGSHORE_LOG_FORMAT', 'auto', logFormats),
    };
    Object.freeze(this);
  }

  /** True where nobody outside this machine can knock. */
  get isLoopback(): boolean {
    return ['localhost', '::1'].includes(this.host) || /^127(\.\d{1,3}){3}$/.test(this.host);
  }

  get leaseMs(): number {
    return this.leaseSeconds * 1000;
  }
}
