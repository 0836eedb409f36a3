/** Where the job that the configuration names is described, and how it is run. */
import type { Settings } from '@longshore/adapters/settings';
import { LongshoreError, parseLocation } from '@longshore/core';

/** The variables of the original system, under their names. */
export class ConfiguredJobSettings {
  /** The bucket that holds the description. */
  readonly bucket: string;
  readonly key: string;
  /** Name or path of the plugin of the job. */
  readonly plugin: string;
  /** Most objects in a task. */
  readonly batchSize: number;
  readonly ackTimeoutSeconds: number;
  /** Longest time of one command; undefined leaves it to the plugin. */
  readonly processingTimeoutSeconds: number | undefined;

  private constructor(settings: Settings, bucket: string) {
    this.bucket = bucketName(bucket);
    this.key = settings.text('CONFIG_KEY', 'configuration/config.json').replace(/^\/+/, '');
    this.plugin = settings.required('LONGSHORE_PLUGIN', `which plugin runs the job of s3://${bucket}/${this.key}`);
    this.batchSize = settings.number('BATCH_SIZE', 10, { min: 1, max: 100_000, integer: true });
    this.ackTimeoutSeconds = settings.number('ACK_TIMEOUT', 60, { min: 1, max: 86_400 });
    const longest = settings.number('PROCESSING_TIMEOUT', 0, { min: 0, max: 7 * 86_400 });
    this.processingTimeoutSeconds = longest > 0 ? longest : undefined;
    Object.freeze(this);
  }

  /**
   * @returns undefined where no job is configured
   * @throws LongshoreError `invalid-configuration`
   */
  static read(settings: Settings): ConfiguredJobSettings | undefined {
    const bucket = settings.text('CONFIG_BUCKET', '');
    if (bucket !== '') return new ConfiguredJobSettings(settings, bucket);
    if (settings.text('CONFIG_KEY', '') === '') return undefined;
    throw new LongshoreError('invalid-configuration', 'CONFIG_KEY is set, but CONFIG_BUCKET is not.', {
      remedy: 'Set CONFIG_BUCKET to the bucket of that object, or unset CONFIG_KEY.',
    });
  }

  /** The object that describes the job, as a person would write it. */
  get url(): string {
    return `s3://${this.bucket}/${this.key}`;
  }
}

function bucketName(bucket: string): string {
  try {
    const { bucket: name, prefix } = parseLocation(`s3://${bucket}`);
    if (prefix === '') return name;
  } catch {
    // Said below, with the name of the variable.
  }
  throw new LongshoreError('invalid-configuration', `CONFIG_BUCKET is "${bucket}", which is no name of an S3 bucket.`, {
    remedy: 'Write the name alone, without s3:// and without a key; the key belongs into CONFIG_KEY.',
  });
}
