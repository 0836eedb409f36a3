import { describe, expect, it } from '@jest/globals';
import { IsNumber } from 'class-validator';
import { aPlugin } from '@longshore/core/testing';
import type { AssignmentAnswer, ExplainAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

class Threshold {
  @IsNumber() threshold = 3;
}

const allowed = { LONGSHORE_ALLOW_LEGACY_WORKERS: 'true' };
const one = { batching: { maxObjects: 1 } };

async function enter(orchestrator: OrchestratorOnFakes, more: Record<string, unknown> = {}): Promise<string> {
  const { body } = await orchestrator.post<{ worker_id: string }>('/register', { hostname: 'old', ...more });
  return body.worker_id;
}

async function files(orchestrator: OrchestratorOnFakes, worker: string): Promise<string[] | undefined> {
  const { assignment } = (await orchestrator.get<AssignmentAnswer>(`/assignment/${worker}`)).body;
  return assignment && 'file_names' in assignment ? assignment.file_names : undefined;
}

async function explained(orchestrator: OrchestratorOnFakes, path: string): Promise<string> {
  return (await orchestrator.get<ExplainAnswer>(`/api/v1/${path}/explain`)).body.sentences.join('\n');
}

describe('what a worker of the original system is given', () => {
  it('F1: is never an object in a folder, of whose key it would keep the name alone', async () => {
    await using orchestrator = await OrchestratorOnFakes.start(allowed);
    orchestrator.putImages('a', 'x/a', 'y/a');
    const job = await orchestrator.submit(one);
    const [old, other] = [await enter(orchestrator), await enter(orchestrator)];
    expect(await files(orchestrator, old)).toEqual(['in/a']);
    expect(await files(orchestrator, other)).toBeUndefined();
    expect(await explained(orchestrator, `jobs/${job.id}`)).toMatch(
      /Legacy workers leave .* "in\/x\/a" lies in a folder/,
    );
    const [, waiting] = (await orchestrator.store.listTasks(job.id, { limit: 9 })).items;
    expect(await explained(orchestrator, `tasks/${waiting!.id}`)).toMatch(
      /No worker .* may get it.*\n.*lies in a folder/,
    );
    const modern = await enter(orchestrator, { plugin: 'echo', protocol: 1 });
    expect(await files(orchestrator, modern)).toEqual(['in/x/a']);
    await orchestrator.post(`/ack/${old}`);
    const [held] = (await orchestrator.store.listTasks(job.id, { limit: 9 })).items;
    expect(await explained(orchestrator, `tasks/${held!.id}`)).toMatch(/a legacy worker; somebody else gets it in/);
  });

  it('is of the plugin that LONGSHORE_PLUGIN names, or that it names itself, or the only one', async () => {
    const plugins = [aPlugin(), aPlugin({}, { name: 'segment' })];
    await using undecided = await OrchestratorOnFakes.start(allowed, plugins);
    undecided.putImages('a');
    const job = await undecided.submit();
    expect(await files(undecided, await enter(undecided))).toBeUndefined();
    expect(await explained(undecided, `jobs/${job.id}`)).toMatch(/LONGSHORE_PLUGIN does not say/);
    expect(await files(undecided, await enter(undecided, { plugin: 'segment' }))).toBeUndefined();
    expect(await files(undecided, await enter(undecided, { plugin: 'echo' }))).toEqual(['in/a']);
    await using decided = await OrchestratorOnFakes.start({ ...allowed, LONGSHORE_PLUGIN: 'segment' }, plugins);
    decided.putImages('a');
    await decided.submit();
    const worker = await enter(decided);
    expect(await files(decided, worker)).toBeUndefined();
    await decided.submit({ plugin: 'segment', output: 's3://results/segmented/' });
    expect(await files(decided, worker)).toEqual(['in/a']);
  });

  it('is of no job with parameters, of which it would know nothing', async () => {
    await using orchestrator = await OrchestratorOnFakes.start(allowed, [aPlugin({}, { params: Threshold })]);
    orchestrator.putImages('a');
    const job = await orchestrator.submit({ params: { threshold: 4 } });
    const worker = await enter(orchestrator);
    expect(await files(orchestrator, worker)).toBeUndefined();
    expect(await explained(orchestrator, `jobs/${job.id}`)).toMatch(/No worker .*\n.*the job has parameters/);
    await orchestrator.submit({ output: 's3://results/other/' });
    expect(await files(orchestrator, worker)).toEqual(['in/a']);
  });

  it('is nothing where such workers are not allowed, and the answer says so', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    orchestrator.putImages('a');
    await orchestrator.submit();
    const answer = await orchestrator.get(`/assignment/${await enter(orchestrator)}`);
    expect(answer).toMatchObject({ status: 403, body: { remedy: expect.stringMatching(/LONGSHORE_ALLOW_LEGACY/) } });
  });
});
