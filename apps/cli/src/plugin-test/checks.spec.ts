import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IsInt } from 'class-validator';
import { defineJobPlugin, LongshoreError, parseLocation, type JobPlugin } from '@longshore/core';
import { anObject, aPlugin, ScriptedContainerEngine } from '@longshore/core/testing';
import { checkImage } from './check-image.js';
import { checkLayout } from './check-layout.js';
import { checkAgain, checkExpected, checkOutputs, checkReports } from './check-results.js';
import { checkHooks, checkParams, checkShape, loadFailure } from './check-shape.js';
import { checkText } from './check-text.js';
import { failed } from './check.js';
import { firstDifference } from './compare-folders.js';

class Params {
  @IsInt() size: number = 1;
}

describe('the check of a description', () => {
  it('names each field that is wrong, with what to write instead', () => {
    let thrown: unknown;
    try {
      defineJobPlugin(aPlugin({ include: [] }, { version: 'new' }));
    } catch (error) {
      thrown = error;
    }
    expect(loadFailure(thrown)).toMatchObject({
      state: 'failed',
      findings: [
        expect.stringMatching(/^version must be .* Raise it/),
        expect.stringMatching(/^layout.include names no/),
      ],
    });
  });

  it('finds names that mean nothing, and what was meant', () => {
    const mistyped = aPlugin({ outptus: () => [] } as never);
    expect(checkShape(mistyped)).toMatchObject({
      state: 'failed',
      findings: ['layout.outptus is no field; layout.outputs is'],
    });
    expect(checkShape(aPlugin())).toMatchObject({ state: 'ok', says: 'echo 1.0.0: every field is as it must be' });
  });

  it('reads parameters as a job would', () => {
    const plugin = aPlugin({}, { params: Params });
    expect(checkParams(plugin, { size: '3' })).toMatchObject({ check: { state: 'ok', says: 'size=3' } });
    expect(checkParams(plugin, { size: 'big' }).check).toMatchObject({ state: 'failed' });
    expect(checkParams(plugin, { sice: '3' }).check.remedy).toContain('It knows size.');
  });

  const hooks: [string, Partial<JobPlugin>, string][] = [
    ['a command that is no list', { command: () => 'ls -l' as never }, 'command gives something else'],
    ['a command of nothing', { command: () => [] }, 'command gives something else'],
    ['an environment of numbers', { environment: () => ({ SIZE: 3 as never }) }, 'environment gives something else'],
    ['a verdict without a message', { interpret: () => ({ done: false }) as never }, 'interpret gives something else'],
    [
      'a hook that throws',
      {
        command: () => {
          throw new Error('no luck');
        },
      },
      'command throws: no luck',
    ],
  ];
  it.each(hooks)('finds %s', (_, changes, fault) => {
    const { state, findings = [] } = checkHooks(aPlugin({}, changes), {});
    expect([state, findings[0]]).toEqual(['failed', expect.stringContaining(fault)]);
  });

  it('finds a report that nothing can be in, and an exit code 0 that is no success', () => {
    expect(checkHooks(aPlugin({}, { summarize: () => [] }), {})).toMatchObject({ state: 'failed' });
    const upsideDown = aPlugin(
      {},
      { interpret: ({ exitCode }) => (exitCode ? { done: true } : { done: false, message: 'no' }) },
    );
    expect(checkHooks(upsideDown, {})).toMatchObject({ state: 'warning' });
    expect(checkHooks(aPlugin(), {})).toMatchObject({ state: 'ok' });
  });
});

describe('the check of an image', () => {
  it('says that it is here, or by what it comes here', async () => {
    const engine = new ScriptedContainerEngine({ images: ['busybox:1.36'], programs: {} });
    expect(await checkImage(aPlugin(), engine)).toMatchObject({ state: 'ok' });
    engine.ensureImage = () =>
      Promise.reject(new LongshoreError('image-not-found', 'There is none.', { remedy: 'Mend it.' }));
    expect(await checkImage(aPlugin(), engine)).toMatchObject({
      state: 'failed',
      says: 'There is none.',
      remedy: 'Mend it. Where it is your own: docker build --tag busybox:1.36 image',
    });
  });
});

describe('the check of a layout', () => {
  const input = parseLocation('s3://images/in/');
  const objects = ['in/a.tif', 'in/b/a.tif', 'in/notes.md'].map((key) => anObject(key));
  const layout = (changes: Parameters<typeof aPlugin>[0]) => checkLayout(aPlugin(changes), input, objects);

  it('says what is taken and what must come out', () => {
    const found = layout({ include: ['**/*.tif'] });
    expect(found).toMatchObject({ taken: ['a.tif', 'b/a.tif'], outputs: ['a.tif.out', 'b/a.tif.out'] });
    expect(found.check).toMatchObject({ state: 'ok', says: '2 of 3 objects taken, 2 outputs declared, none twice' });
  });

  const faulty: [string, Parameters<typeof aPlugin>[0], RegExp][] = [
    [
      'outputs of one name',
      { outputs: ({ relativeKey }) => [relativeKey.replace(/.*\//, '')] },
      /a.tif and b\/a.tif both produce a.tif/,
    ],
    [
      'an output that is a folder',
      { outputs: ({ relativeKey }) => [relativeKey === 'a.tif' ? 'b' : relativeKey] },
      /b of a.tif would have to be a folder too, for b\/a.tif/,
    ],
    ['an output outside', { outputs: ({ relativeKey }) => [`../${relativeKey}`] }, /layout.outputs .*refused because/],
    ['no output', { outputs: () => [] }, /named no output/],
    [
      'a record in place of an output',
      { record: ({ relativeKey }) => `${relativeKey}.out` },
      /the record a.tif.out has the name of an output/,
    ],
    [
      'names that change',
      { outputs: ({ relativeKey }) => [`${relativeKey}.${Math.random()}`] },
      /gives other names for a.tif/,
    ],
    ['a group that is no text', { groupBy: () => 7 as never }, /groupBy .* gave no text/],
    [
      'a hook that throws',
      {
        outputs: () => {
          throw new Error('no luck');
        },
      },
      /threw for .*no luck/,
    ],
  ];
  it.each(faulty)('finds %s', (_, changes, fault) => {
    const { state, findings = [] } = layout({ include: ['**/*.tif'], ...changes }).check;
    expect([state, findings[0]]).toEqual(['failed', expect.stringMatching(fault)]);
  });

  it('says so when no object is taken, and which there are', () => {
    expect(layout({ include: ['*.png'] }).check).toMatchObject({
      state: 'failed',
      says: 'None of 3 objects is taken (include *.png).',
      findings: ['a.tif', 'b/a.tif', 'notes.md'],
    });
  });
});

describe('the check of what came out', () => {
  let home: string;
  const folder = async (name: string, files: Record<string, string | Buffer>) => {
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(home, name, file)), { recursive: true });
      await writeFile(join(home, name, file), content);
    }
    return join(home, name);
  };

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'longshore-checks-'));
  });

  afterEach(() => rm(home, { recursive: true }));

  it('finds declared outputs that are not there, and tells reports from outputs', async () => {
    const found = await folder('found', { 'a.out': '', 'b/a.out': '', 'counts.csv': '', '.longshore/manifests/x': '' });
    expect(await checkOutputs(found, ['a.out', 'b/a.out'])).toMatchObject({ state: 'ok' });
    expect(await checkOutputs(found, ['a.out', 'c.out'])).toMatchObject({ state: 'failed', findings: ['c.out'] });
    const reporting = aPlugin({}, { summarize: () => [] });
    expect(await checkReports(reporting, found, ['a.out', 'b/a.out'])).toMatchObject({ says: 'counts.csv' });
    const all = ['a.out', 'b/a.out', 'counts.csv'];
    expect(await checkReports(reporting, found, all)).toMatchObject({ state: 'warning' });
    expect(await checkReports(aPlugin(), found, all)).toMatchObject({ state: 'ok' });
  });

  it('says what differs from what was expected, and where first', async () => {
    const expected = await folder('expected', { 'a.out': 'one\ntwo\n', 'b.out': 'same', 'c.out': '' });
    const found = await folder('found', { 'a.out': 'one\n2\n', 'b.out': 'same', 'd.out': '' });
    expect(await checkExpected(found, expected)).toMatchObject({
      state: 'failed',
      says: '2 of 3 files are not as expected.',
      findings: ['a.out differs in line 2: "two\\n" expected, "2\\n" found', 'c.out is not found'],
    });
    const same = await folder('same', { 'b.out': 'same' });
    expect(await checkExpected(found, same)).toMatchObject({
      says: '1 file as expected; nothing is expected of 2 others',
    });
    await mkdir(join(home, 'nothing'));
    expect(await checkExpected(found, join(home, 'nothing'))).toMatchObject({ state: 'failed' });
  });

  it('says which outputs are not the same the next time', async () => {
    const first = await folder('first', { 'a.out': '12:00', 'b.out': 'same' });
    const second = await folder('second', { 'a.out': '12:01', 'b.out': 'same', 'e.out': '' });
    expect(await checkAgain(first, second, '')).toMatchObject({
      state: 'warning',
      says: 'Outputs are not deterministic: 2 differ in a second run.',
      findings: ['a.out differs in line 1: "12:00" at first, "12:01" then', 'e.out is not at first'],
    });
    expect(await checkAgain(first, first, '')).toMatchObject({ state: 'ok' });
  });

  const sides = ['expected', 'found'] as const;
  const differences: [string, Buffer, Buffer, string][] = [
    [
      'bytes',
      Buffer.from([0, 1, 2, 3]),
      Buffer.from([0, 1, 9, 3]),
      'differs from byte 2 on: 0203 expected, 0903 found',
    ],
    [
      'a length',
      Buffer.from([0, 1]),
      Buffer.from([0]),
      'differs from byte 1 on: 01 expected, its end found (2 bytes expected, 1 found)',
    ],
    ['an end', Buffer.from('a\n'), Buffer.from('a\nb\n'), 'differs in line 2: nothing expected, "b\\n" found'],
    [
      'a long line',
      Buffer.from(`${'x'.repeat(500)}a`),
      Buffer.from(`${'x'.repeat(500)}b`),
      `differs in line 1: ..."${'x'.repeat(20)}a" expected, ..."${'x'.repeat(20)}b" found`,
    ],
  ];
  it.each(differences)('shows %s', (_, one, other, text) => {
    expect(firstDifference(one, other, sides)).toBe(text);
  });
});

describe('a check in words', () => {
  it('is a line, what is wrong in particular, and what to do; a few of very many', () => {
    const names = Array.from({ length: 12 }, (_, index) => `a\u001b${index}`);
    const text = checkText(failed('layout', 'It cannot be.', 'Mend it.', names));
    expect(text.split('\n')).toHaveLength(14);
    expect(text).toContain('failed   layout      It cannot be.\n');
    expect(text).toContain('- a\\x1b0\n');
    expect(text).toContain('- and 2 more\n                     Mend it.\n');
  });
});
