/** Binds what doctor looks with to the outside world: the only place of doctor that names adapters with state. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { engineFacts, imageStanding, type EngineFacts, type ImageStanding } from '@longshore/adapters/docker';
import { FolderObjectStore } from '@longshore/adapters/folder';
import { RoutedObjectStore } from '@longshore/adapters/object-stores';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import { S3ObjectStore } from '@longshore/adapters/s3';
import { Settings } from '@longshore/adapters/settings';
import { parseBytes, type JobPlugin, type ObjectStore, type StoragePolicy } from '@longshore/core';
import { userToken } from '../client/user-token.js';

/** A silent store is given up in time to say so: two tries of this each. */
const patienceMs = 4_000;

/** Two workers with one slot each, as `longshore run` has. */
const usualSlots = 2;

export interface Outside {
  objects: ObjectStore;
  /** Undefined where workers are told to use none. */
  engine: Engine | undefined;
  loadPlugin: (source: string) => Promise<JobPlugin>;
  userToken: () => string | undefined;
  joinToken: () => string | undefined;
  setting: (name: string) => string | undefined;
  /** Tasks at the same time on this machine, where nothing was typed. @throws LongshoreError `invalid-configuration` */
  slots: () => number;
  /** What stays free of the disk of the workspaces. @throws LongshoreError `invalid-configuration` */
  keptFree: () => number;
  /** Where states, logs and workspaces of runs lie. */
  home: string;
}

export interface Engine {
  facts: () => Promise<EngineFacts>;
  image: (name: string) => Promise<ImageStanding>;
}

export function compose(environment: NodeJS.ProcessEnv, policy: StoragePolicy, limitMs: number): Outside {
  const settings = new Settings(environment);
  const setting = (name: string) => settings.text(name, '') || undefined;
  const answer = { answerWithinMs: limitMs };
  return {
    objects: new RoutedObjectStore({
      folder: () => new FolderObjectStore(),
      s3: () => new S3ObjectStore({ patienceMs, mostTries: 2, policy }),
    }),
    engine:
      setting('LONGSHORE_ENGINE') === 'process'
        ? undefined
        : { facts: () => engineFacts(answer), image: (name) => imageStanding(name, answer) },
    loadPlugin,
    userToken,
    joinToken: () => settings.secret('LONGSHORE_JOIN_TOKEN'),
    setting,
    slots: () =>
      setting('LONGSHORE_SLOTS') === 'auto'
        ? usualSlots
        : settings.number('LONGSHORE_SLOTS', usualSlots, { min: 1, max: 256, integer: true }),
    keptFree: () => parseBytes(settings.text('LONGSHORE_KEEP_FREE', '256MiB')),
    home: setting('LONGSHORE_HOME') ?? join(homedir(), '.longshore'),
  };
}
