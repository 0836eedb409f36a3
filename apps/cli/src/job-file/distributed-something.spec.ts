import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JobFile } from './job-file.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-groups-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, content: unknown) {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  const file = await JobFile.read(path);
  file.assertRight();
  return file.written;
}

const file = {
  _comment1: 'Paths below the bucket.',
  pipeline: 'projects/analysis.cppipe',
  input: 'projects/input',
  output: 'projects/output',
  groups: [{ Metadata: 'plate=P1,well=A01' }, { Metadata: { plate: 'P1' }, _comment: 'This one failed before.' }],
};

describe('a job file of Distributed-Something', () => {
  it('is a list of groups, with the shared keys as variables and without its comments', async () => {
    expect(await read('job.json', file)).toEqual({
      variables: { pipeline: file.pipeline, input: file.input, output: file.output },
      groups: [{ variables: { Metadata: 'plate=P1,well=A01' } }, { variables: { Metadata: { plate: 'P1' } } }],
    });
  });

  it('can be named by a job file, whose own variables win', async () => {
    await read('plate.json', file);
    expect(
      await read('job.yaml', 'plugin: echo\ngroups: plate.json\nvariables: { pipeline: new, more: 1 }\n'),
    ).toMatchObject({
      plugin: 'echo',
      variables: { pipeline: 'new', input: file.input, more: 1 },
      groups: [{ variables: { Metadata: 'plate=P1,well=A01' } }, {}],
    });
  });

  it('is not taken for one where the groups are written as Longshore writes them', async () => {
    const ours = { plugin: 'echo', groups: [{ variables: { a: 1 } }, { objects: ['a/*'] }] };
    expect(await read('ours.json', ours)).toEqual(ours);
  });

  it.each<[string, unknown, string]>([
    ['a group that is a text', { groups: ['A01'] }, 'line 3, column 5: groups.0: a group must hold'],
    [
      'a value that is none',
      { groups: [{ a: 'x' }, { well: 'A\0' }] },
      'line 7, column 15: groups.1.variables: the value of "well"',
    ],
    ['a shared one', { b: '\0', groups: [{}] }, 'line 2, column 8: variables: the value of "b"'],
    ['no groups', { groups: [] }, 'groups must hold at least one'],
    ['groups that are no list', { groups: { a: 1 } }, 'line 2, column 3: groups must be a list'],
    ['a comma too few', '{ "a": 1\n "groups": [] }', "line 2, column 2: this is no JSON: Expected ','"],
    ['an end too early', '{ "groups": [{}, ', 'line 1, column 18: this is no JSON: Unexpected end'],
    ['a word that is none', '{ "groups": [{"a": tru}]}', 'line 1, column 23: this is no JSON: Unexpected token'],
  ])('is refused with its line: %s', async (_, content, sentence) => {
    await expect(read('wrong.json', content)).rejects.toThrow(sentence);
  });

  it('is refused by its own name where a job file names it', async () => {
    await writeFile(join(folder, 'bad.json'), '{"groups": ["x"]}');
    await expect(read('names.yaml', 'groups: bad.json')).rejects.toThrow(/bad\.json is wrong: line 1, column 13/);
    await expect(read('names.yaml', 'groups: none.json')).rejects.toThrow(/none\.json cannot be read/);
    await expect(read('names.yaml', 'groups: names.yaml')).rejects.toThrow('it must be JSON');
  });

  it('of a hundred thousand groups is read in seconds, and one that is broken is still told its line', async () => {
    const groups = Array.from({ length: 100_000 }, (_, number) => ({
      Metadata: `plate=P${Math.floor(number / 384)},well=W${number % 384}`,
    }));
    const begin = performance.now();
    const { groups: found } = await read('large.json', { ...file, groups });
    expect(found).toHaveLength(100_000);
    expect(performance.now() - begin).toBeLessThan(20_000);
    const broken = JSON.stringify({ ...file, groups }, null, 1).replace('"plate=P99,', 'plate=P99,');
    await expect(read('large.json', broken)).rejects.toThrow(
      /wrong: line 1140\d\d, column 16: this is no JSON: Unexpected token 'p'/,
    );
  }, 60_000);
});
