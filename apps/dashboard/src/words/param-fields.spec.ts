import { describe, expect, it } from '@jest/globals';
import { faultsByField, requestOf } from './job-draft.js';
import { paramFields, readFields } from './param-fields.js';

const schema = {
  type: 'object',
  properties: {
    smoothing: { type: 'number', minimum: 0, maximum: 20, default: 1, description: 'Pixels' },
    minArea: { type: 'integer', minimum: 1 },
    mode: { enum: ['fast', 'exact'], default: 'fast' },
    keep: { type: 'boolean', default: false },
    name: { type: 'string', maxLength: 5 },
    more: { type: 'object' },
  },
  required: ['minArea'],
};
const fields = paramFields(schema);

describe('the fields of a form', () => {
  it('are what the schema of the plugin says', () => {
    expect(fields.map(({ name, kind, required, initial }) => [name, kind, required, initial])).toEqual([
      ['smoothing', 'number', false, '1'],
      ['minArea', 'integer', true, ''],
      ['mode', 'choice', false, 'fast'],
      ['keep', 'switch', false, 'false'],
      ['name', 'text', false, ''],
      ['more', 'json', false, ''],
    ]);
    expect(fields[0]).toMatchObject({ label: 'Smoothing', hint: 'Pixels · 0 to 20' });
    expect(fields[1]).toMatchObject({ label: 'Min area', hint: '1 or more' });
  });

  it('are read as their kind, and sent as typed where they are none of it', () => {
    const typed = { smoothing: '1', minArea: '7', mode: 'exact', keep: 'true', name: '', more: '{"a":1}' };
    expect(readFields(fields, typed)).toEqual({ minArea: 7, mode: 'exact', keep: true, more: { a: 1 } });
    expect(readFields(fields, { smoothing: 'much', minArea: '', more: '{' })).toEqual({ smoothing: 'much', more: '{' });
  });
});

describe('a job as it is typed', () => {
  it('is sent with what was said, and with nothing else', () => {
    const draft = { plugin: 'echo', input: ' /in ', output: '/out', params: {}, rules: {} };
    expect(requestOf(draft, fields)).toEqual({ plugin: 'echo', input: '/in', output: '/out' });
    const rules = {
      include: '**/*.png  **/*.tif',
      'batching/maxObjects': '4',
      'policy/toleratedDead': '2%',
      'policy/maxAttempts': ' ',
    };
    expect(requestOf({ ...draft, rules }, fields)).toMatchObject({
      include: ['**/*.png', '**/*.tif'],
      batching: { maxObjects: 4 },
      policy: { toleratedDead: '2%' },
    });
  });

  it('is told at each field what is wrong with it', () => {
    const faults = [{ pointer: '/params/split', detail: 'too large' }];
    expect(faultsByField(faults)).toEqual({ 'params/split': 'too large' });
  });
});
