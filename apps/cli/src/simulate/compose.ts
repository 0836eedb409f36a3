/** Binds a simulation to the outside world, of which it needs the listing of the input: the only place that names adapters. */
import { FolderObjectStore } from '@longshore/adapters/folder';
import { RoutedObjectStore } from '@longshore/adapters/object-stores';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import { S3ObjectStore } from '@longshore/adapters/s3';
import { Settings, storagePolicy } from '@longshore/adapters/settings';
import type { InputSource } from './list-input.js';

export function compose(environment: NodeJS.ProcessEnv): InputSource {
  const policy = storagePolicy(new Settings(environment));
  return {
    objects: new RoutedObjectStore({
      folder: () => new FolderObjectStore(),
      s3: () => new S3ObjectStore({ policy }),
    }),
    loadPlugin,
  };
}
