/** The plugin this worker was started with, as an injectable class. */
import type { JobPlugin } from '@longshore/core';

export class LoadedPlugin {
  constructor(readonly plugin: JobPlugin) {}
}
