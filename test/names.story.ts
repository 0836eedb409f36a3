/** Names that break naive programs pass through a real container unchanged; what would leave the workspace is refused by name. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { awkwardNames, brokenLineName, contents } from './support/names.js';
import { longshore } from './support/process.js';
import { S3 } from './support/s3.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

const echo = ['run', '--plugin', 'echo', '--quiet', '--batch-size', '9'];

function echoed(inputs: Map<string, Buffer>): Map<string, string> {
  return new Map(
    [...inputs].flatMap(([name, content]) => [
      [name, content.toString()] as const,
      [`${name}.sha256`, `${createHash('sha256').update(content).digest('hex')}\n`] as const,
    ]),
  );
}

function asText(files: Map<string, Buffer>): Map<string, string> {
  return new Map([...files].map(([name, content]) => [name, content.toString()]));
}

describe('awkward names', () => {
  it('F3 F4 F9: come through unchanged in a folder', async () => {
    await using sandbox = await Sandbox.open();
    const inputs = contents([...awkwardNames, brokenLineName]);
    for (const [name, content] of inputs) await sandbox.write(`in/${name}`, content);
    const ended = await longshore(
      [...echo, '--input', sandbox.path('in'), '--output', sandbox.path('out')],
      sandbox.environment,
    );
    expect(ended).toMatchObject({ code: 0 });
    expect(asText(await filesBelow(sandbox.path('out')))).toEqual(echoed(inputs));
  });

  it('F1 F3 F4 F5 F8 F10: come through unchanged on S3, and names that would leave the workspace are refused by name', async () => {
    await using sandbox = await Sandbox.open();
    await using s3 = await S3.start();
    await s3.createBucket('names');
    await s3.createBucket('results');
    const inputs = contents(awkwardNames);
    const refused = ['../outside.txt', 'a/../../outside.txt', '/absolute.txt', 'a//b.txt', './dot.txt'];
    for (const [name, content] of inputs) await s3.put('names', `all/${name}`, content);
    for (const name of refused) await s3.put('names', `all/${name}`, Buffer.from('no'));
    await s3.put('names', 'all/folder-marker/', Buffer.alloc(0));
    await s3.put('names', 'all2/sibling.txt', Buffer.from('another prefix'));

    const ended = await longshore([...echo, '--json', '--input', 's3://names/all', '--output', 's3://results/x/'], {
      ...sandbox.environment,
      ...s3.environment,
    });

    expect(asText(await s3.objectsBelow('results', 'x/'))).toEqual(echoed(inputs));
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      state: 'failed',
      objects_skipped: 1,
      objects: { completed: inputs.size, dead: refused.length },
    });
  });

  it('F5: says by name which objects were refused', async () => {
    await using sandbox = await Sandbox.open();
    await using s3 = await S3.start();
    await s3.createBucket('names');
    await s3.put('names', 'all/../outside.txt', Buffer.from('no'));
    await s3.put('names', 'all/fine.txt', Buffer.from('yes'));
    const ended = await longshore([...echo, '--input', 's3://names/all/', '--output', sandbox.path('out')], {
      ...sandbox.environment,
      ...s3.environment,
    });
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('The object "all/../outside.txt" is refused because its name holds ".."');
    expect([...(await filesBelow(sandbox.path('out'))).keys()].sort()).toEqual(['fine.txt', 'fine.txt.sha256']);
  });

  it('F2: refuses the second of two objects that would write the same output, and names both', async () => {
    await using sandbox = await Sandbox.open();
    await sandbox.write('in/x', 'one');
    await sandbox.write('in/x.sha256', 'two');
    const ended = await longshore(
      [...echo, '--input', sandbox.path('in'), '--output', sandbox.path('out')],
      sandbox.environment,
    );
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('The objects "x" and "x.sha256" would both write the output "x.sha256"');
    expect(asText(await filesBelow(sandbox.path('out')))).toEqual(echoed(new Map([['x', Buffer.from('one')]])));
  });
});
