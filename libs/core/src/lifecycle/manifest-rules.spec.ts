import { describe, expect, it } from '@jest/globals';
import type { JobPlugin } from '../plugin/job-plugin.js';
import { aJobSpec, aManifest, anObject, aPlugin, aStagedOutput, aTask } from '../testing/builders.js';
import type { ReportedManifest, ManifestEntry } from '../words/manifest.js';
import { manifestFault, missingOutput } from './manifest-rules.js';

const { input } = aJobSpec();
const task = aTask({ objects: [anObject('in/a'), anObject('in/b')] });
const right = aManifest(task);
const [a, b] = right.entries as [ManifestEntry, ManifestEntry];

const fault = (entries: ManifestEntry[], plugin: JobPlugin = aPlugin()) =>
  manifestFault({ ...right, entries } satisfies ReportedManifest, task, plugin, input);

describe('a manifest', () => {
  it('is right when every object has exactly its declared outputs, in any order', () => {
    expect(fault([a, b])).toBeUndefined();
    expect(fault([b, a])).toBeUndefined();
  });

  it('is right with a record, an ETag or neither', () => {
    const { etag: _none, ...plain } = b;
    expect(fault([{ ...a, record: { count: 3 } }, plain])).toBeUndefined();
  });

  it.each<[string, ManifestEntry[]]>([
    ['an object is missing', [a]],
    ['all are missing', []],
    ['an object has no output', [a, { ...b, outputs: [] }]],
    ['an object has the output of another', [a, { ...b, outputs: a.outputs }]],
  ])('lacks an output when %s, and says which', (_, entries) => {
    const found = fault(entries);
    expect(found).toMatchObject({ class: 'job', code: 'output-missing' });
    expect(found?.objectKey).toBe(entries.length === 0 ? 'in/a' : 'in/b');
    expect(found?.message).toContain(`"${entries.length === 0 ? 'a' : 'b'}.out"`);
  });

  const extra = aStagedOutput('somebody/elses.out');
  it.each<[string, ManifestEntry[]]>([
    ['an object has one more', [a, { ...b, outputs: [...b.outputs, extra] }]],
    ['an object has one of its outputs twice', [a, { ...b, outputs: [...b.outputs, ...b.outputs] }]],
    ['an object that is not of the task has one', [a, b, { objectKey: 'in/c', outputs: [extra] }]],
    ['no object has it', [a, b, { outputs: [extra] }]],
    ['an object is listed twice, the first time with another output', [{ ...a, outputs: [extra] }, a, b]],
    ['an object is listed twice, the second time with another output', [a, b, { ...a, outputs: [extra] }]],
    ['an object is listed twice', [a, b, b]],
  ])('is refused when it names an output that nobody declared: %s', (_, entries) => {
    expect(fault(entries)).toMatchObject({ class: 'job' });
  });

  it('is measured by the key below the prefix', () => {
    const elsewhere = manifestFault(right, task, aPlugin(), { bucket: 'images', prefix: '' });
    expect(elsewhere).toMatchObject({ code: 'output-missing', message: expect.stringContaining('"in/a.out"') });
  });

  it('is measured by every output that was declared', () => {
    const plugin = aPlugin({ outputs: ({ relativeKey }) => [`${relativeKey}.out`, `${relativeKey}.sum`] });
    expect(fault([a, b], plugin)).toMatchObject({ message: expect.stringContaining('"a.sum"') });
    const both = [a, b].map((entry) => ({
      ...entry,
      outputs: [aStagedOutput(`${entry.objectKey?.slice(3)}.sum`), ...entry.outputs],
    }));
    expect(fault(both, plugin)).toBeUndefined();
  });
});

describe('a missing output', () => {
  it('is the fault of the job, names output and object, and keeps the log where there is one', () => {
    expect(missingOutput('in/a', 'a.out', 'last words')).toEqual({
      class: 'job',
      code: 'output-missing',
      message: expect.stringMatching(/"a\.out".*"in\/a"/),
      objectKey: 'in/a',
      log: 'last words',
    });
    expect(missingOutput('in/a', 'a.out')).not.toHaveProperty('log');
  });
});
