import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { IsInt, IsOptional, Max } from 'class-validator';
import { requestFaults } from '../protocol/request-faults.js';
import { aPlugin } from '../testing/builders.js';
import { jobFields, jobFieldTable, storageFields } from './job-fields.js';
import { jobSchema } from './job-schema.js';
import type { Schema } from './message-schemas.js';

const docs = (name: string) => readFileSync(join(import.meta.dirname, '../../../../docs', name), 'utf8');
const again = 'Run "npm run docs:job-file".';

describe('the schema of job files', () => {
  const check = new Ajv2020({ strict: true, strictTypes: false }).compile(jobSchema());

  it('is published as it is made', () => {
    expect([again, JSON.parse(docs('job.schema.json'))]).toEqual([again, jobSchema()]);
  });

  it('explains every field of a request, in its own place, and no other', () => {
    const known = Object.keys({ ...jobFields, ...storageFields }).sort();
    expect([...fieldsOf(jobSchema())].filter(([, { title, description }]) => !title || !description)).toEqual([]);
    expect([...fieldsOf(jobSchema()).keys()].sort()).toEqual(known);
  });

  it('says what the page about job files says', () => {
    const squeezed = (text: string) => text.replace(/ {2,}|-{3,}/g, (found) => (found.startsWith('-') ? '---' : ' '));
    expect([again, squeezed(docs('job-file.md'))]).toEqual([again, expect.stringContaining(squeezed(jobFieldTable()))]);
  });

  const whole = { plugin: 'echo', input: 'in', output: 'out' };

  it.each<Record<string, unknown>>([
    {},
    { inputs: 'in' },
    { plugin: 7 },
    { plugin: '' },
    { params: { anything: [1] } },
    { params: [] },
    { include: ['*.txt'], exclude: [] },
    { include: '*.txt' },
    { batching: { maxObjects: 8, maxBytes: 1 } },
    { batching: { maxObjects: 0 } },
    { batching: { most: 1 } },
    { policy: { maxAttempts: 1, toleratedDead: '2%', retry: [{ on: { exit: [1, 2] }, then: 'retry' }] } },
    { policy: { toleratedDead: -1 } },
    { policy: { toleratedDead: 'some' } },
    { policy: { retry: [{ on: { exit: 1 }, then: 'hope' }] } },
    { policy: { retry: [{ then: 'fail' }] } },
    { policy: { timeoutSeconds: 0 } },
    { skip: { by: 'outputs', count: 2, minBytes: 0, nameContains: 'x' } },
    { skip: { by: 'luck' } },
    { skip: {} },
    { storage: { input: { region: 'eu-west-1', requesterPays: true }, output: { tags: { a: 'b' } } } },
    { storage: { input: { requesterPays: 'yes' } } },
    { storage: { input: { endpoint: 'http://a:b@c' } } },
    { storage: { output: { storageClass: 'GLACIER' } } },
    { storage: { output: { encryption: { type: 'aws:kms', key: 'k' } } } },
    { storage: { output: { encryption: { key: 'k' } } } },
    { storage: { input: { storageClass: 'STANDARD' } } },
    { groups: [{ variables: { a: [1] }, objects: ['a/*', { prefix: 'b' }] }], variables: { c: null } },
    { groups: [] },
    { groups: [{ variable: {} }] },
    { groups: [{ objects: [] }] },
    { groups: ['a'] },
    { variables: [] },
  ])('takes and refuses %j as the API does', (fields) => {
    const job = { ...whole, ...fields };
    expect(check(job)).toBe(requestFaults(job).length === 0);
  });

  it('takes besides what only a file can say', () => {
    expect([{}, { batching: { maxBytes: '64MiB' } }, { groups: 'plate.json' }].map((job) => check(job))).toEqual([
      true,
      true,
      true,
    ]);
    expect(check({ batching: { maxBytes: 'lots' } })).toBe(false);
  });

  it('describes the parameters of a plugin where one is named', () => {
    class Params {
      @IsOptional() @IsInt() @Max(9) size = 3;
    }
    const known = new Ajv2020({ strictTypes: false }).compile(jobSchema(aPlugin({}, { params: Params })));
    expect([{ size: 9 }, { size: 10 }, { sise: 1 }].map((params) => known({ params }))).toEqual([true, false, false]);
  });
});

function fieldsOf(schema: Schema, path = ''): Map<string, Schema> {
  const {
    properties = {},
    items,
    anyOf = [],
  } = schema as {
    properties?: Record<string, Schema>;
    items?: Schema;
    anyOf?: Schema[];
  };
  const found = new Map<string, Schema>();
  for (const [name, inner] of Object.entries(properties)) {
    const at = path === '' ? name : `${path}.${name}`;
    found.set(at, inner);
    for (const [deeper, one] of fieldsOf(inner, at)) found.set(deeper, one);
  }
  for (const inner of [...(items ? [items] : []), ...anyOf]) {
    // The two ways to name objects of a group are values, and no fields.
    if (!path.endsWith('objects')) for (const [deeper, one] of fieldsOf(inner, path)) found.set(deeper, one);
  }
  return found;
}
