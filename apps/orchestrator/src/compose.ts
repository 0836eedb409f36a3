/** The composition root: the only place of the orchestrator that names adapters. */
import { FolderObjectStore } from '@longshore/adapters/folder';
import { LogNotifier } from '@longshore/adapters/notifiers';
import { RoutedObjectStore } from '@longshore/adapters/object-stores';
import { installedPlugins, loadPlugin } from '@longshore/adapters/plugin-loader';
import { S3ObjectStore } from '@longshore/adapters/s3';
import { SqliteJobStore, SqliteStateCopier } from '@longshore/adapters/sqlite';
import { SystemChance, SystemClock } from '@longshore/adapters/system';
import type { LongshoreError } from '@longshore/core';
import { Logger } from '@nestjs/common';
import type { OrchestratorConfig } from './configuration/orchestrator-config.js';
import type { OutsideWorld } from './outside-world.module.js';
import { PluginCatalog } from './plugins/plugin-catalog.js';

/** @param onFatal told when the process cannot go on */
export async function compose(
  config: OrchestratorConfig,
  onFatal: (error: LongshoreError) => void = () => undefined,
): Promise<OutsideWorld> {
  const names = config.plugins.length > 0 ? config.plugins : await installedPlugins();
  const plugins = new PluginCatalog(await Promise.all(names.map(loadPlugin)));
  const news = new Logger('News');
  const store = new SqliteJobStore(config.statePath, onFatal);
  return {
    config,
    plugins,
    store,
    copier: new SqliteStateCopier(store),
    onServing: (url) => store.servesAt(url),
    objects: new RoutedObjectStore({
      folder: () => new FolderObjectStore(),
      s3: () => new S3ObjectStore({}, config.storagePatienceSeconds * 1000),
    }),
    clock: SystemClock.notBefore(store.latestTime),
    chance: new SystemChance(),
    notifier: new LogNotifier((line) => news.log(line)),
  };
}
