/** The units of systemd say what systemd understands, and start what is there. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Process, repository } from './support/process.js';
import { Sandbox } from './support/sandbox.js';

const units = join(repository, 'infra', 'systemd');

describe('the units of systemd', () => {
  it('are understood without a warning, and start programs of this checkout', async () => {
    await using sandbox = await Sandbox.open();
    const names = await readdir(units);
    expect(names).toEqual(['longshore-orchestrator.service', 'longshore-worker@.service']);
    const here = names.map(async (name) => {
      const unit = await readFile(join(units, name), 'utf8');
      return sandbox.write(name, unit.replaceAll('/opt/longshore', repository));
    });
    await using verify = new Process('systemd-analyze', ['verify', ...(await Promise.all(here))]);
    expect(await verify.ended).toMatchObject({ code: 0, stderr: '' });
  });
});
