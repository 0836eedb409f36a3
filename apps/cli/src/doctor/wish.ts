/** What doctor is asked to look at: a job as far as it is described, and an orchestrator if one is named. */
import { resolve } from 'node:path';
import { Settings } from '@longshore/adapters/settings';
import { parseLocation, withStorage, type Location, type StoragePolicy } from '@longshore/core';
import { storageSettings, type BatchingMessage } from '@longshore/core/protocol';
import type { OutputOptions } from '../commands/client-options.js';
import { JobFile, looksLikePath } from '../job-file/job-file.js';

export interface DoctorOptions extends OutputOptions {
  plugin?: string;
  input?: string;
  output?: string;
  slots?: number;
  url?: string;
}

export interface Wish {
  /** Name or absolute path. */
  plugin?: string;
  input?: Location;
  output?: Location;
  batching?: BatchingMessage;
  /** Whoever looks here is the operator here, as for `longshore run`. */
  policy: StoragePolicy;
}

/** Options win over the file. @throws LongshoreError `job-file-invalid`, `location-invalid` */
export async function readWish(file: string | undefined, options: DoctorOptions): Promise<Wish> {
  const read = file === undefined ? undefined : await JobFile.read(file);
  read?.assertRight();
  const written = read?.written ?? {};
  const { storage, batching } = written;
  // That of the worker whose environment this is.
  const plugin = options.plugin ?? written.plugin ?? pluginOfWorkers();
  const [input, output] = [options.input ?? written.input, options.output ?? written.output];
  const sides = [storage?.input, storage?.output];
  return {
    ...(plugin !== undefined && { plugin: looksLikePath(plugin) ? resolve(plugin) : plugin }),
    ...(input !== undefined && { input: withStorage(parseLocation(input), storageSettings(storage?.input)) }),
    ...(output !== undefined && { output: withStorage(parseLocation(output), storageSettings(storage?.output)) }),
    ...(batching && { batching }),
    policy: {
      endpoints: sides.flatMap((side) => side?.endpoint ?? []),
      roles: sides.flatMap((side) => side?.role?.arn ?? []),
    },
  };
}

function pluginOfWorkers(): string | undefined {
  return new Settings(process.env).text('LONGSHORE_PLUGIN', '') || undefined;
}
