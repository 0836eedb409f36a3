/** What a plan makes of its objects: reasons counted, and one object looked at closely. */
import {
  formatLocation,
  patternVerdict,
  pluginObject,
  standingSentence,
  type JobSpec,
  type ObjectRef,
} from '@longshore/core';
import type { PlanReason } from '@longshore/core/protocol';
import type { Fate } from '../batching/scan.js';

export class Why {
  private readonly counted = new Map<string, PlanReason>();
  /** Objects that the patterns take, and that belong to none of the groups the job lists. */
  inNoGroup = 0;
  private answer: string[] | undefined;

  /** @param wanted key, or name below the input, of the object to look at closely */
  constructor(
    private readonly spec: JobSpec,
    private readonly wanted: string | undefined,
  ) {}

  note(object: ObjectRef, fate: Fate): void {
    if (fate.kind === 'skipped' && fate.why === 'no-group') this.inNoGroup += 1;
    if (fate.kind === 'taken' && fate.standing.state === 'wanted') {
      const reason = fate.standing.why.code;
      const { objects = 0, example = { key: object.key, sentence: standingSentence(fate.standing) } } =
        this.counted.get(reason) ?? {};
      this.counted.set(reason, { reason, objects: objects + 1, example });
    }
    if (this.isWanted(object)) this.answer = [this.sentence(object, fate)];
  }

  get reasons(): PlanReason[] {
    return [...this.counted.values()].sort((one, other) => other.objects - one.objects);
  }

  /** About the object that was asked for, after the whole listing has gone by. */
  get sentences(): string[] | undefined {
    if (this.wanted === undefined) return undefined;
    return this.answer ?? [`No object "${this.wanted}" is there below ${formatLocation(this.spec.input)}.`];
  }

  isWanted({ key }: ObjectRef): boolean {
    if (this.wanted === undefined) return false;
    const { input } = this.spec;
    const names = [key, key.slice(input.prefix.length), `s3://${input.bucket}/${key}`];
    return names.includes(this.wanted);
  }

  private sentence(object: ObjectRef, fate: Fate): string {
    switch (fate.kind) {
      case 'taken':
        return standingSentence(fate.standing);
      case 'refused':
        return `It would be set aside at once: ${fate.failure.message}`;
      case 'skipped':
        return `It is left out: ${this.skipped(object, fate.why)}`;
    }
  }

  private skipped(object: ObjectRef, why: Extract<Fate, { kind: 'skipped' }>['why']): string {
    switch (why) {
      case 'folder-marker':
        return 'its key ends with a slash, as the empty objects do that show a folder.';
      case 'own-place':
        return "it lies in a folder that is Longshore's own.";
      case 'own-output':
        return 'it lies below the output of the job.';
      case 'no-group':
        return 'it belongs to none of the groups that the job lists.';
      case 'patterns':
        return `${patternVerdict(this.spec, pluginObject(this.spec.input, object).relativeKey)}.`;
    }
  }
}
