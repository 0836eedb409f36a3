import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aDoneRecord } from '../testing/builders.js';
import type { DoneRecord } from './done-record.js';
import { standingByOutputs, standingByRecord, type Reason, type VisibleOutput, type WorkNow } from './standing.js';
import { standingSentence } from './standing-text.js';

interface Scene {
  now: WorkNow;
  record: DoneRecord;
  there: Map<string, VisibleOutput>;
}

const name = fc.string({ minLength: 1, maxLength: 12 });

/** An object that is done: whatever it is called, and whatever was done with it. */
const doneScene: fc.Arbitrary<Scene> = fc
  .record({
    outputs: fc.uniqueArray(
      fc.record({ name, size_bytes: fc.nat(), sha256: fc.constant('ab'.repeat(32)), etag: name }),
      { minLength: 1, maxLength: 4, selector: (output) => output.name },
    ),
    key: name,
    etag: name,
    input: name,
    plugin: name,
    plugin_version: name,
    params: fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
    image_digest: name,
  })
  .map((facts) => {
    // A record has been JSON, in which there is no negative zero.
    const record = JSON.parse(JSON.stringify(aDoneRecord(facts))) as DoneRecord;
    return {
      record,
      now: {
        key: record.key,
        etag: record.etag,
        input: record.input,
        outputs: record.outputs.map((output) => output.name),
        plugin: record.plugin,
        pluginVersion: record.plugin_version,
        params: facts.params,
        image: record.image_digest,
      },
      there: new Map(
        record.outputs.map((output) => [output.name, { sizeBytes: output.size_bytes, etag: output.etag }]),
      ),
    };
  });

const standing = ({ now, record, there }: Scene) => standingByRecord(now, record, (output) => there.get(output));

/** One thing that is different now, and the reason it gives. */
const changes: [Reason['code'], (scene: Scene) => void][] = [
  ['input-differs', ({ now }) => (now.input += '/other')],
  ['object-changed', ({ now }) => (now.etag += 'x')],
  ['plugin-differs', ({ now }) => (now.plugin += 'x')],
  ['version-differs', ({ now }) => (now.pluginVersion += '1')],
  ['parameter-differs', ({ now }) => (now.params = { ...now.params, 'a new one': 1 })],
  ['parameter-differs', ({ record }) => (record.params = { ...record.params, 'an old one': null })],
  ['outputs-differ', ({ now }) => (now.outputs = [...now.outputs, 'a longer name than any'])],
  ['outputs-differ', ({ record }) => record.outputs.push({ ...record.outputs[0]!, name: 'a longer name than any' })],
  ['output-missing', ({ there, now }) => there.delete(now.outputs.at(-1)!)],
  ['output-changed', ({ there }) => there.forEach((output) => (output.sizeBytes += 1))],
  ['output-changed', ({ there }) => there.forEach((output) => (output.etag += 'x'))],
  ['image-differs', ({ now }) => (now.image += 'x')],
  ['image-unknown', ({ now }) => (now.image = undefined)],
];

describe('an object that an earlier job has done', () => {
  it('is done where nothing is different', () => {
    fc.assert(
      fc.property(doneScene, (scene) => expect(standing(scene)).toEqual({ state: 'done', record: scene.record })),
    );
  });

  it.each(changes)('F24: has to be run for the reason "%s", and the reason can be said', (code, change) => {
    fc.assert(
      fc.property(doneScene, (scene) => {
        change(scene);
        const found = standing(scene);
        expect(found).toMatchObject({ state: 'wanted', why: { code } });
        expect(standingSentence(found)).toMatch(/^It would be run: .+\.$/s);
      }),
    );
  });

  it('is never done by two changes that undo each other in part: each one alone keeps it from that', () => {
    fc.assert(
      fc.property(doneScene, fc.subarray(changes, { minLength: 1 }), (scene, some) => {
        for (const [, change] of some) change(scene);
        expect(standing(scene).state).toBe('wanted');
      }),
    );
  });

  it('hangs on the image only where everything else is the same', () => {
    fc.assert(
      fc.property(doneScene, fc.constantFrom(...changes.slice(0, 11)), (scene, [code, change]) => {
        scene.now.image = undefined;
        change(scene);
        expect(standing(scene)).toMatchObject({ state: 'wanted', why: { code } });
      }),
    );
  });

  it('was never done where no record says so', () => {
    const found = standingByRecord({ ...({} as WorkNow), outputs: [] }, undefined, () => undefined);
    expect(found).toEqual({ state: 'wanted', why: { code: 'never-done' } });
  });
});

describe('an object whose outputs may be there', () => {
  const lookUp = (sizes: Record<string, number>) => (output: string) =>
    Object.hasOwn(sizes, output) ? { sizeBytes: sizes[output]!, etag: '' } : undefined;

  it.each([
    ['is found when all are there', {}, { 'a.txt': 1, 'a.csv': 9 }, true],
    ['is not found when one is missing', {}, { 'a.txt': 1 }, false],
    ['is not found when one is too small', {}, { 'a.txt': 0, 'a.csv': 9 }, false],
    ['is found with an empty one, where that counts', { minBytes: 0 }, { 'a.txt': 0, 'a.csv': 9 }, true],
    ['is found when as many are there as are wanted', { count: 1 }, { 'a.csv': 9 }, true],
    ['is not found when more are wanted than there can be', { count: 3 }, { 'a.txt': 1, 'a.csv': 9 }, false],
    ['is found by those whose name counts', { nameContains: '.csv' }, { 'a.csv': 9 }, true],
    ['is not found where no name counts', { nameContains: '.png' }, { 'a.txt': 1, 'a.csv': 9 }, false],
    ['is not found by what belongs to others', {}, { 'b.txt': 1, 'b.csv': 9, 'x/a.txt': 1, 'a.txt.bak': 5 }, false],
  ])('%s', (_, rule, sizes, isFound) => {
    const found = standingByOutputs({ by: 'outputs', minBytes: 1, ...rule }, ['a.txt', 'a.csv'], lookUp(sizes));
    expect(found.state).toBe(isFound ? 'found' : 'wanted');
    expect(standingSentence(found)).toMatch(isFound ? /^It counts as done/ : /^It would be run: \d of its outputs/);
  });
});
