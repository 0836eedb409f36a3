import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LongshoreError, type MachineIdentity, type RunEndPhase } from '@longshore/core';
import { ScriptedMachine } from '@longshore/core/testing';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { until } from '../testing/until.js';

const identity: MachineIdentity = { instanceId: 'i-0abc', type: 'm5.large', zone: 'us-east-1a', region: 'us-east-1' };
const minuteMs = 60_000;

async function start(
  environment: Record<string, string> = {},
  machine = new ScriptedMachine(identity),
): Promise<{ orchestrator: OrchestratorOnFakes; machine: ScriptedMachine }> {
  const settings = { LONGSHORE_SHUTDOWN: 'stop', ...environment };
  const orchestrator = await OrchestratorOnFakes.prepared(settings, (prepared) => (prepared.machine = machine));
  return { orchestrator, machine };
}

async function phase(orchestrator: OrchestratorOnFakes): Promise<RunEndPhase> {
  return (await orchestrator.store.findRecord('run-end'))?.phase as RunEndPhase;
}

const comes = (orchestrator: OrchestratorOnFakes, wanted: RunEndPhase) =>
  until(async () => (await phase(orchestrator)) === wanted, wanted);

/** Long enough for several looks: what did not happen by then does not happen. */
const looks = () => new Promise((resolve) => setTimeout(resolve, 550));

const goodbye = (orchestrator: OrchestratorOnFakes, workerId: string) =>
  orchestrator.post(`/status/${workerId}`, { status: 'shutting-down', details: {} });

/** One job of one object, done by one worker that says goodbye. */
async function run(orchestrator: OrchestratorOnFakes, name = 'a'): Promise<void> {
  const workerId = await orchestrator.register();
  orchestrator.putImages(name);
  const job = await orchestrator.submit({ include: [name] });
  await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
  await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
  await goodbye(orchestrator, workerId);
}

describe('the end of a run', () => {
  it('is one mail with true counts, and then the shutdown of its own machine', async () => {
    const { orchestrator, machine } = await start();
    await using _ = orchestrator;
    await run(orchestrator);
    await comes(orchestrator, 'resting');
    expect(orchestrator.notifier.sent).toMatchObject([
      {
        id: expect.stringMatching(/^run-ended:1:/),
        subject: 'Longshore: 1 objects done',
        text: expect.stringMatching(/^1 objects are done, 0 are set aside.*1 workers took part\.\n.*stopped now/s),
      },
    ]);
    expect(machine.ended).toEqual([]);
    await orchestrator.clock.advance(minuteMs);
    await comes(orchestrator, 'over');
    expect(machine.ended).toEqual(['stop']);
    await looks();
    expect([machine.ended, orchestrator.notifier.sent.length, orchestrator.ends]).toEqual([['stop'], 1, 0]);
  });

  it('tells dead tasks with key, reason and sentence', async () => {
    const { orchestrator } = await start();
    await using _ = orchestrator;
    const workerId = await orchestrator.register();
    orchestrator.putImages('bad');
    const job = await orchestrator.submit({ policy: { maxAttempts: 1 } });
    const assignment = await orchestrator.assignment(workerId);
    await orchestrator.acknowledge(workerId, assignment);
    await orchestrator.report(workerId, 'failed', assignment, { code: 'out-of-memory', error: 'It wanted more.' });
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'failed');
    await goodbye(orchestrator, workerId);
    await orchestrator.news(1);
    const [mail] = orchestrator.notifier.sent;
    expect(mail?.subject).toBe('Longshore: 0 objects done, 1 set aside (failed)');
    expect(mail?.text).toMatch(/- in\/bad \(out-of-memory\): It wanted more\./);
  });

  it.each([
    ['exit', [], 1],
    ['terminate', ['terminate'], 0],
  ] as const)('by the policy %s ends machines %j and the process %i times', async (policy, machines, ends) => {
    const { orchestrator, machine } = await start({ LONGSHORE_SHUTDOWN: policy });
    await using _ = orchestrator;
    await run(orchestrator);
    await comes(orchestrator, 'resting');
    await orchestrator.clock.advance(minuteMs);
    await comes(orchestrator, 'over');
    expect([machine.ended, orchestrator.ends]).toEqual([machines, ends]);
  });

  it('is one mail of a configured job, after which it goes on serving where no shutdown is wanted', async () => {
    const configured = { CONFIG_BUCKET: 'images', CONFIG_KEY: 'config.json', LONGSHORE_PLUGIN: 'echo' };
    const description = { input_bucket: 'images', input_prefix: 'in', output_bucket: 'results' };
    const machine = new ScriptedMachine(identity);
    await using orchestrator = await OrchestratorOnFakes.prepared(
      { ...configured, LONGSHORE_PUBLIC_URL: 'http://here' },
      (prepared) => {
        prepared.machine = machine;
        prepared.putImages('a');
        prepared.objects.put('images', 'config.json', Buffer.from(JSON.stringify(description)));
      },
    );
    const workerId = await orchestrator.register();
    await until(async () => (await orchestrator.get('/readyz')).status === 200, 'ready');
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    await until(async () => {
      const { body } = await orchestrator.get<{ assignment: { shutdown?: true } | null }>(`/assignment/${workerId}`);
      return body.assignment?.shutdown === true;
    }, 'the order to go home');
    await goodbye(orchestrator, workerId);
    await comes(orchestrator, 'over');
    await orchestrator.clock.advance(minuteMs);
    await looks();
    expect(orchestrator.notifier.sent).toMatchObject([{ text: expect.stringContaining('goes on serving') }]);
    expect([machine.ended, orchestrator.ends]).toEqual([[], 0]);
  });

  it('does not wait for ever for workers that died without a word', async () => {
    const { orchestrator } = await start({ LONGSHORE_WORKER_GONE_SECONDS: '30' });
    await using _ = orchestrator;
    await orchestrator.register();
    await run(orchestrator);
    await comes(orchestrator, 'leaving');
    await orchestrator.clock.advance(29_000);
    await looks();
    expect(orchestrator.notifier.sent).toEqual([]);
    await orchestrator.clock.advance(1_000);
    await orchestrator.news(1);
    expect(orchestrator.notifier.sent[0]?.text).toContain(
      '2 workers took part; 1 of them left without saying goodbye.',
    );
  });

  it('waits after a restart for workers that could not be heard meanwhile', async () => {
    const { orchestrator } = await start({ LONGSHORE_WORKER_GONE_SECONDS: '30' });
    await using _ = orchestrator;
    const idle = await orchestrator.register();
    await run(orchestrator);
    await orchestrator.clock.advance(29_000);
    await orchestrator.restart();
    await orchestrator.clock.advance(29_000);
    await looks();
    expect(orchestrator.notifier.sent).toEqual([]);
    await goodbye(orchestrator, idle);
    expect(await orchestrator.news(1)).toHaveLength(1);
  });

  it('G9: is called off by a job that comes in the grace, and comes once more after it', async () => {
    const { orchestrator, machine } = await start();
    await using _ = orchestrator;
    await run(orchestrator);
    await comes(orchestrator, 'resting');
    await orchestrator.clock.advance(minuteMs - 1);
    orchestrator.putImages('b');
    await orchestrator.submit({ include: ['b'] });
    await comes(orchestrator, 'working');
    await orchestrator.clock.advance(minuteMs);
    await looks();
    expect(machine.ended).toEqual([]);
    const workerId = await orchestrator.register();
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    await goodbye(orchestrator, workerId);
    await orchestrator.news(2);
    expect(orchestrator.notifier.sent.map(({ text }) => text.split(',')[0])).toEqual(
      Array(2).fill('1 objects are done'),
    );
    await comes(orchestrator, 'resting');
    await orchestrator.clock.advance(minuteMs);
    await comes(orchestrator, 'over');
    expect(machine.ended).toEqual(['stop']);
  });

  it('G9: takes no job any more once the machine was told to end', async () => {
    const { orchestrator } = await start({ LONGSHORE_SHUTDOWN_GRACE_SECONDS: '0' });
    await using _ = orchestrator;
    await run(orchestrator);
    await comes(orchestrator, 'over');
    const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/late/' };
    expect(await orchestrator.post('/api/v1/jobs', request)).toMatchObject({
      status: 503,
      body: { code: 'shutting-down' },
    });
    await orchestrator.restart();
    expect((await orchestrator.post('/api/v1/jobs', request)).status).toBe(201);
  });

  it.each(['leaving', 'telling', 'resting', 'stopping'] as const)(
    'G9: is one mail and one stop when the process dies while it is %s',
    async (when) => {
      const machine = new ScriptedMachine(identity);
      if (when === 'stopping') machine.refusal = new LongshoreError('machine-failed', 'EC2 does not answer.');
      const { orchestrator } = await start({}, machine);
      await using _ = orchestrator;
      const idle = await orchestrator.register();
      if (when === 'telling') orchestrator.notifier.refuseNext(1);
      await run(orchestrator);
      if (when !== 'leaving') await goodbye(orchestrator, idle);
      if (when === 'stopping') {
        await comes(orchestrator, 'resting');
        await orchestrator.clock.advance(minuteMs);
      }
      await comes(orchestrator, when);
      machine.refusal = undefined;
      await orchestrator.restart();
      await goodbye(orchestrator, idle);
      for (let steps = 0; steps < 5 && (await phase(orchestrator)) !== 'over'; steps += 1) {
        await orchestrator.clock.advance(minuteMs);
        await orchestrator.restart();
        await looks();
        await orchestrator.clock.advance(minuteMs);
        await looks();
      }
      await orchestrator.restart();
      await looks();
      expect([machine.ended, orchestrator.notifier.sent.length, await phase(orchestrator)]).toEqual([
        ['stop'],
        1,
        'over',
      ]);
    },
  );

  it('G6: waits for a mail that cannot be sent for its time, and no longer', async () => {
    const { orchestrator, machine } = await start({ LONGSHORE_MAIL_PATIENCE_SECONDS: '300' });
    await using _ = orchestrator;
    orchestrator.notifier.refuseNext(1_000);
    await run(orchestrator);
    await comes(orchestrator, 'telling');
    await orchestrator.clock.advance(299_000);
    await looks();
    expect(await phase(orchestrator)).toBe('telling');
    await orchestrator.clock.advance(1_000);
    await comes(orchestrator, 'resting');
    await orchestrator.clock.advance(minuteMs);
    await comes(orchestrator, 'over');
    expect(machine.ended).toEqual(['stop']);
  });

  it.each([
    ['access-denied', 'This machine may not stop itself.'],
    ['invalid-configuration', 'A Spot instance cannot be stopped.'],
  ] as const)('G10: tells people when the shutdown is refused (%s), asks once and goes on', async (code, message) => {
    const machine = new ScriptedMachine(identity);
    machine.refusal = new LongshoreError(code, message);
    const { orchestrator } = await start({ LONGSHORE_SHUTDOWN_GRACE_SECONDS: '0' }, machine);
    await using _ = orchestrator;
    await run(orchestrator);
    await comes(orchestrator, 'over');
    await orchestrator.news(2);
    expect(orchestrator.notifier.sent[1]).toMatchObject({
      subject: expect.stringContaining('could not shut its machine down'),
      text: expect.stringContaining(message),
    });
    machine.refusal = undefined;
    await orchestrator.restart();
    await orchestrator.clock.advance(10 * minuteMs);
    await looks();
    expect([machine.ended, orchestrator.notifier.sent.length]).toEqual([[], 2]);
    orchestrator.putImages('b');
    await orchestrator.submit({ include: ['b'] });
  });

  it('G10: ends no machine where no cloud says which one this is', async () => {
    const { orchestrator } = await start({ LONGSHORE_SHUTDOWN_GRACE_SECONDS: '0' }, new ScriptedMachine());
    await using _ = orchestrator;
    await run(orchestrator);
    await comes(orchestrator, 'over');
    await orchestrator.news(2);
    expect(orchestrator.notifier.sent[1]?.text).toContain('No cloud says');
  });

  it('is no matter of jobs that had ended before anybody wanted one', async () => {
    const { orchestrator, machine } = await start({ LONGSHORE_SHUTDOWN: 'none' });
    await using _ = orchestrator;
    await run(orchestrator);
    await orchestrator.clock.advance(minuteMs);
    orchestrator.environment = { ...orchestrator.environment, LONGSHORE_SHUTDOWN: 'stop' };
    await orchestrator.restart();
    await orchestrator.clock.advance(10 * minuteMs);
    await looks();
    expect([machine.ended, await phase(orchestrator)]).toEqual([[], 'working']);
    // Without an end of runs each job has its own news.
    expect(orchestrator.notifier.sent.map(({ id }) => id)).toEqual([expect.stringMatching(/^job-completed:/)]);
  });

  it('is not kept from coming by a template that fails on what happened', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longshore-template-'));
    await writeFile(join(folder, 'run-ended.text.hbs'), '{{run.dead.0.key}}');
    const { orchestrator } = await start({ LONGSHORE_TEMPLATES: folder });
    await using _ = orchestrator;
    await run(orchestrator);
    expect(await orchestrator.news(1)).toHaveLength(1);
    expect(orchestrator.notifier.sent[0]?.text).toContain('1 objects are done');
    await rm(folder, { recursive: true });
  });
});
