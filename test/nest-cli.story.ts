/** The programs as the Nest CLI starts them, which builds them before. */
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually, Process, repository } from './support/process.js';
import { Sandbox } from './support/sandbox.js';

describe('the Nest CLI', () => {
  it('starts the orchestrator beside the everyday build', async () => {
    await using sandbox = await Sandbox.open();
    await using nest = new Process(join(repository, 'node_modules', '.bin', 'nest'), ['start', 'orchestrator'], {
      ...sandbox.environment,
      LONGSHORE_PORT: '0',
      PATH: `${join(repository, 'node_modules', '.bin')}:${process.env.PATH}`,
    });
    const [, url = ''] = await nest.wrote(/serves at (http:[^\s"]+)/, 120_000);
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    nest.killGroup('SIGINT');
    await eventually(
      async () => ((await answers(url)) ? undefined : true),
      20_000,
      () => 'the orchestrator to end',
    );
  });
});

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
}
