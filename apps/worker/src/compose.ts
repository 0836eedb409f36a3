/** The composition root: the only place of the worker that names adapters. */
import { FolderObjectStore } from '@longshore/adapters/folder';
import { RoutedObjectStore } from '@longshore/adapters/object-stores';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import { S3ObjectStore } from '@longshore/adapters/s3';
import { SystemChance, SystemClock } from '@longshore/adapters/system';
import { Credentials } from './client/credentials.js';
import { OrchestratorClient } from './client/orchestrator-client.js';
import type { WorkerConfig } from './configuration/worker-config.js';
import { openEngine } from './engine/compose.js';
import { ThreadedHeartbeats } from './heartbeat/heartbeat-thread.js';
import { LoadedPlugin } from './loaded-plugin.js';
import type { OutsideWorld } from './worker.module.js';

export async function compose(config: WorkerConfig): Promise<OutsideWorld> {
  const clock = new SystemClock();
  const { orchestratorUrl, name: workerName } = config;
  const credentials = new Credentials(config.joinToken);
  return {
    config,
    plugin: new LoadedPlugin(await loadPlugin(config.plugin), config.policy),
    engine: openEngine(config.engine),
    objects: new RoutedObjectStore({
      folder: () => new FolderObjectStore(),
      s3: () => new S3ObjectStore({ patienceMs: config.storagePatienceSeconds * 1000, policy: config.storage }),
    }),
    client: new OrchestratorClient(orchestratorUrl, credentials),
    clock,
    chance: new SystemChance(),
    heartbeats: new ThreadedHeartbeats(
      { orchestratorUrl, workerName, clockZero: clock.zero, engine: config.engine },
      credentials,
    ),
  };
}
