import { describe, expect, it } from '@jest/globals';
import { aManifest, aStagedOutput, aTask, someObjects } from '../testing/builders.js';
import type { ReportedManifest } from '../words/manifest.js';
import { readManifest } from './manifest-message.js';

const manifest = aManifest(aTask({ objects: someObjects(2) }));

/** As it arrives: what JSON makes of it. */
const sent = (changes: Record<string, unknown> = {}) =>
  JSON.parse(JSON.stringify({ manifest: { ...manifest, ...changes } })) as Record<string, unknown>;
const plain = (read: ReportedManifest): unknown => JSON.parse(JSON.stringify(read));
const wrong = (field: string) =>
  expect.objectContaining({ code: 'invalid-request', message: expect.stringContaining(field) });

describe('a manifest on the wire', () => {
  it('arrives as it was sent', () => {
    expect(plain(readManifest(sent()))).toEqual(plain(manifest));
  });

  it('arrives with records of any depth, and with outputs that belong to no object', () => {
    const entries = [
      { outputs: [aStagedOutput('summary.csv')] },
      { ...manifest.entries[0], record: { count: 0, ok: false, none: null, deep: { list: [1, { two: 'ü☃' }] } } },
    ];
    expect(plain(readManifest(sent({ entries })))).toMatchObject({ entries });
  });

  it('leaves out what nobody knows, for a worker may be newer', () => {
    const read = readManifest(sent({ colour: 'red', entries: [{ outputs: [], colour: 'red' }] }));
    expect(plain(read)).toEqual({ ...manifest, entries: [{ outputs: [] }] });
  });

  it.each([[undefined], [{}], [{ manifest: null }], [{ manifest: 'x' }], [{ manifest: 5 }], [{ manifest: [] }]])(
    'is refused when there is none: %j',
    (details) => {
      expect(() => readManifest(details)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
    },
  );

  it.each<[string, unknown]>([
    ['entries', undefined],
    ['entries', { 0: 'x' }],
    ['entries', ['x']],
    ['entries', [null]],
    ['imageDigest', undefined],
    ['imageDigest', 7],
    ['pluginVersion', 'x'.repeat(101)],
    ['exitCode', '0'],
    ['exitCode', 0.5],
    ['durationMs', -1],
    ['durationMs', null],
  ])('is refused by name when %s is %j', (field, value) => {
    expect(() => readManifest(sent({ [field]: value }))).toThrow(wrong(field));
  });

  it.each<[string, Record<string, unknown>]>([
    ['outputs', {}],
    ['outputs', { outputs: 'x' }],
    ['outputs.0', { outputs: [null] }],
    ['name', { outputs: [{ ...aStagedOutput('x'), name: undefined }] }],
    ['sizeBytes', { outputs: [aStagedOutput('x', { sizeBytes: -1 })] }],
    ['sizeBytes', { outputs: [aStagedOutput('x', { sizeBytes: 1.5 })] }],
    ['sha256', { outputs: [aStagedOutput('x', { sha256: 'AB'.repeat(32) })] }],
    ['sha256', { outputs: [aStagedOutput('x', { sha256: 'ab'.repeat(31) })] }],
    ['token', { outputs: [aStagedOutput('x', { token: 'x'.repeat(8_193) })] }],
    ['objectKey', { outputs: [], objectKey: 7 }],
    ['record', { outputs: [], record: 'text' }],
    ['record', { outputs: [], record: [1] }],
  ])('is refused by the path of the field when an entry has faulty %s: %j', (field, entry) => {
    const faulty = () => readManifest(sent({ entries: [manifest.entries[0], entry] }));
    expect(faulty).toThrow(wrong('entries.1'));
    expect(faulty).toThrow(wrong(field));
  });
});
