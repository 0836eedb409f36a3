/** Where one object of a plan would lie: from its key to the container, and back to the keys of its outputs. */
import {
  declaredOutputs,
  keyAt,
  pluginObject,
  storeKind,
  formatLocation,
  type JobPlugin,
  type JobSpec,
  type Location,
  type ObjectRef,
} from '@longshore/core';
import type { PlannedLayout } from '@longshore/core/protocol';
import type { Fate } from '../batching/scan.js';

export class ObjectLayout {
  private first: ObjectRef | undefined;
  private named: ObjectRef | undefined;

  /** @param isWanted tells the object that was asked for; without it, it is the first that would be run */
  constructor(
    private readonly spec: JobSpec,
    private readonly plugin: JobPlugin,
    private readonly isWanted: ((object: ObjectRef) => boolean) | undefined,
  ) {}

  note(object: ObjectRef, fate: Fate): void {
    if (fate.kind !== 'taken') return;
    if (this.isWanted?.(object)) this.named = object;
    if (fate.standing.state === 'wanted') this.first ??= object;
  }

  get answer(): PlannedLayout | undefined {
    const object = this.isWanted ? this.named : this.first;
    if (!object) return undefined;
    const { input, output } = this.spec;
    const { inputs, outputs } = this.plugin.container.mounts;
    const known = pluginObject(input, object);
    return {
      key: object.key,
      input: placeOf(input, object.key),
      container_path: below(inputs, known.relativeKey),
      outputs: declaredOutputs(this.plugin, known).map((name) => ({
        container_path: below(outputs, name),
        key: keyAt(output, name),
        output: placeOf(output, keyAt(output, name)),
      })),
    };
  }
}

function placeOf(location: Location, key: string): string {
  return storeKind(location) === 's3' ? `s3://${location.bucket}/${key}` : below(formatLocation(location), key);
}

function below(folder: string, name: string): string {
  return `${folder.replace(/\/+$/, '')}/${name}`;
}
