/** Which engine runs the commands, read from the environment. */
import { join } from 'node:path';
import type { Settings } from '@longshore/adapters/settings';
import { LongshoreError } from '@longshore/core';

/** Plain data, which a thread can be given. */
export type EngineSettings =
  | { kind: 'docker' }
  | {
      kind: 'process';
      /** Where it notes what runs. */
      folder: string;
      /** Folders that are no part of the image, though they lie in it. */
      without: readonly string[];
      /** Digest of the image that this worker is in. */
      digest?: string;
      /** Names of the environment that commands see. */
      passOn: readonly string[];
    };

/** @throws LongshoreError `invalid-configuration` */
export function engineSettings(settings: Settings, workFolder: string, uid = process.getuid?.()): EngineSettings {
  const kind = settings.choice('LONGSHORE_ENGINE', 'docker', ['docker', 'process']);
  if (kind === 'docker') return { kind };
  if (uid === 0) {
    throw new LongshoreError(
      'invalid-configuration',
      'This worker is root, and LONGSHORE_ENGINE is "process": its commands would be root as well.',
      { remedy: 'Run it as another user; the image of the worker has one with the number 1000.' },
    );
  }
  const digest = settings.text('LONGSHORE_IMAGE_DIGEST', '');
  return {
    kind,
    folder: join(workFolder, '.commands'),
    without: [workFolder],
    passOn: settings.list('LONGSHORE_PASS_ENVIRONMENT'),
    ...(digest !== '' && { digest }),
  };
}
