/** Which group an object belongs to, by the patterns of a hundred thousand groups. */
import { LongshoreError } from '../errors/longshore-error.js';
import { createMatcher } from '../layout/selection.js';
import { groupName, type GroupObjects, type JobGroup } from './job-group.js';

interface Candidate {
  group: number;
  matches: (name: string) => boolean;
}

/** So many faults of a kind are told one by one. */
const shown = 5;

/**
 * Patterns are found by the text they begin with, so that an object costs a look for each different length of such texts, however many groups
 * there are. Patterns that begin with a wildcard are all tried.
 */
export class GroupFinder {
  private readonly byBeginning = new Map<string, Candidate[]>();
  private readonly lengths: number[];
  private readonly seen = new Set<number>();
  private readonly overlaps = new Map<string, [number, number]>();

  constructor(private readonly groups: readonly JobGroup[]) {
    for (const [index, { objects }] of groups.entries()) for (const wanted of objects) this.add(index + 1, wanted);
    this.lengths = [...new Set([...this.byBeginning.keys()].map(({ length }) => length))];
  }

  /** The number of the group; undefined for an object of none. One of several groups is remembered as a fault. */
  find(relativeKey: string): number | undefined {
    const found = new Set<number>();
    for (const length of this.lengths) {
      if (length > relativeKey.length) continue;
      for (const { group, matches } of this.byBeginning.get(relativeKey.slice(0, length)) ?? []) {
        if (!found.has(group) && matches(relativeKey)) found.add(group);
      }
    }
    for (const group of found) this.seen.add(group);
    const [first, second] = found;
    if (first !== undefined && second !== undefined) this.overlaps.set(relativeKey, [first, second]);
    return first;
  }

  name(number: number): string {
    return groupName({ number, variables: this.groups[number - 1]?.variables ?? {} });
  }

  /** Why the groups cannot be run, after all objects were looked for. */
  get misfit(): LongshoreError | undefined {
    const { faults } = this;
    if (faults.length === 0) return undefined;
    return new LongshoreError('groups-unfit', `The groups of the job do not fit its input. ${faults.join(' ')}`, {
      remedy: 'Nothing was run: mend the groups or the input, and see what becomes of them with "longshore plan".',
    });
  }

  /** Each names its groups. */
  get faults(): string[] {
    const empty = this.groups.flatMap((_, index) => (this.seen.has(index + 1) ? [] : [index + 1]));
    const overlaps = [...this.overlaps].slice(0, shown);
    return [
      ...overlaps.map(
        ([key, [one, other]]) => `The object "${key}" belongs to ${this.name(one)} and to ${this.name(other)}.`,
      ),
      ...further(this.overlaps.size, 'objects belong to two groups'),
      ...this.emptiness(empty),
    ];
  }

  private emptiness(empty: readonly number[]): string[] {
    const told = empty.slice(0, shown).map((number) => {
      const wanted = this.groups[number - 1]?.objects.map(objectsText).join(', ');
      return `No object belongs to ${this.name(number)}, whose objects are ${wanted}.`;
    });
    return [...told, ...further(empty.length, 'groups have no object')];
  }

  private add(group: number, wanted: GroupObjects): void {
    const beginning = beginningOf(wanted);
    const candidates = this.byBeginning.get(beginning) ?? [];
    this.byBeginning.set(beginning, candidates);
    candidates.push({ group, matches: typeof wanted === 'string' ? patternTest(wanted) : () => true });
  }
}

export function objectsText(wanted: GroupObjects): string {
  return typeof wanted === 'string' ? `"${wanted}"` : `those that begin with "${wanted.prefix}"`;
}

function further(count: number, what: string): string[] {
  return count > shown ? [`${count} ${what} in all.`] : [];
}

function beginningOf(wanted: GroupObjects): string {
  if (typeof wanted !== 'string') return wanted.prefix;
  return /^[^*?[\]{}()!+@|\\]*/.exec(wanted.replace(/^\.\//, ''))?.[0] ?? '';
}

/** Made when it is asked first: most patterns are asked about few objects, and an expression is dear. Letter case counts. */
function patternTest(pattern: string): (name: string) => boolean {
  let test: ((name: string) => boolean) | undefined;
  return (name) => (test ??= createMatcher([pattern], 's'))(name);
}
