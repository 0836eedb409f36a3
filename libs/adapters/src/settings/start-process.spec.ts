import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';

const chatty = `
  import { startProcess } from ${JSON.stringify(new URL('../../dist/settings/index.js', import.meta.url).href)};
  await startProcess('test', async () => {
    for (let line = 0; line < 20; line += 1) {
      console.log('line', line);
      console.error('line', line);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    process.exitCode = 7;
  });`;

describe('a process', () => {
  it('goes on when nobody reads its log any more', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', chatty]);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stderr.destroy();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(7);
  });
});
