/** What the documentation shows is what works. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { longshore, repository } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

describe('the plugin of the README', () => {
  it('stands there as it stands in examples', async () => {
    const readme = await readFile(join(repository, 'README.md'), 'utf8');
    const shown = /```js\n(.*?)```/s.exec(readme)?.[1];
    const shipped = await readFile(join(repository, 'examples', 'line-count.mjs'), 'utf8');
    expect(shown).toBe(shipped.slice(shipped.indexOf('\n') + 1));
  });

  it('counts lines as its job file says, with an output named at the command line', async () => {
    await using sandbox = await Sandbox.open();
    const args = ['examples/job.yaml', '--output', sandbox.path('lines')];
    expect(await longshore(['run', ...args, '--quiet'], sandbox.environment)).toMatchObject({ code: 0 });
    const lines = await filesBelow(sandbox.path('lines'));
    expect([...lines].map(([name, content]) => [name, content.toString().trim()])).toEqual(
      expect.arrayContaining([
        ['numbers.txt.lines', '3'],
        ['letters/greek letters.txt.lines', '2'],
      ]),
    );
  });
});

describe('a job file of Distributed-Something', () => {
  it('is one task for each group, whose command is told the values, whatever they hold', async () => {
    await using sandbox = await Sandbox.open();
    const { environment } = sandbox;
    const output = sandbox.path('wells');
    const given = ['--plugin', 'examples/well-table.mjs', '--input', 'examples/wells', '--output', output];
    const planned = await longshore(['plan', 'examples/wells.json', ...given, '--json'], environment);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      run: { objects: 4, tasks: 3 },
      groups: { listed: 3, objects_in_none: 1 },
      layout: { container_path: '/in/P1/A01_s1.txt' },
    });
    const ran = await longshore(['run', 'examples/wells.yaml', '--output', output, '--json', '--quiet'], environment);
    expect(ran).toMatchObject({ code: 0 });
    expect(JSON.parse(ran.stdout)).toMatchObject({ state: 'completed', completed_tasks: 3, group_count: 3 });
    const tables = await filesBelow(output);
    expect([...tables].map(([name, content]) => [name, content.toString().trim()]).sort()).toEqual([
      ['P1/A01_s1.txt.csv', 'P1,A01,,2,yes'],
      ['P1/A01_s2.txt.csv', 'P1,A01,,1,no'],
      ['P1/A02_s1.txt.csv', 'P1,A02,,3,yes'],
      ['P2/A01_s1.txt.csv', 'P2,A01,late; $(echo no),1,no'],
    ]);
  });

  it('and any other job file is described by the schema that is printed', async () => {
    const { code, stdout } = await longshore(['schema', '--plugin', 'rgo-segmentation']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ properties: { params: { properties: { minArea: { default: 15 } } } } });
  });
});

describe('the everyday commands', () => {
  it('list the installed plugins', async () => {
    const { code, stdout } = await longshore(['plugin', 'list', '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { name: string }[]).map((plugin) => plugin.name)).toEqual([
      'echo',
      'rgo-segmentation',
    ]);
  });
});
