/** Fetches the object that describes the configured job. */
import { Injectable } from '@nestjs/common';
import { LongshoreError, ObjectStore, type Location, type ObjectRef } from '@longshore/core';
import type { ConfiguredJobSettings } from '../configuration/configured-job-settings.js';
import { mostBytes, readDescription, refused, type JobDescription } from './job-description.js';

@Injectable()
export class DescriptionReader {
  constructor(private readonly objects: ObjectStore) {}

  /** @throws LongshoreError `invalid-configuration`, or what the storage throws */
  async read({ bucket, key, url }: ConfiguredJobSettings, signal: AbortSignal): Promise<JobDescription> {
    const location = { bucket, prefix: key.slice(0, key.lastIndexOf('/') + 1) };
    const object = await this.find(location, key, signal);
    if (!object) {
      throw new LongshoreError('invalid-configuration', `There is no object ${url}.`, {
        remedy: 'Put the description of the job there, or mend CONFIG_BUCKET and CONFIG_KEY.',
      });
    }
    if (object.sizeBytes > mostBytes) throw refused(url, `has ${object.sizeBytes} bytes, which is too large`);
    return readDescription(await this.content(location, object, signal), url);
  }

  /** Listed from just before it, so that its neighbours are not. */
  private async find(location: Location, key: string, signal: AbortSignal): Promise<ObjectRef | undefined> {
    for await (const page of this.objects.list(location, { after: key.slice(0, -1), signal })) {
      const found = page.find((object) => object.key === key);
      if (found) return found;
      if (page.some((object) => object.key > key)) return undefined;
    }
    return undefined;
  }

  private async content(location: Location, object: ObjectRef, signal: AbortSignal): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.objects.read(location, object, signal)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
}
