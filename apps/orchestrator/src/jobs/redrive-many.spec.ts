import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { failure, nextTaskState } from '@longshore/core';
import type { ExplainAnswer, JobAnswer, RedriveAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

const held = { assignmentId: 'a', workerId: 'w', leasedAt: 0, expiresAt: 1 };

describe('more dead letters than are changed at once', () => {
  let orchestrator: OrchestratorOnFakes;
  let job: JobAnswer;

  /** 500 dead letters: 250 for one cause, 250 for another; and one that was refused by its name. */
  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    orchestrator.putImages('../escape', ...Array.from({ length: 500 }, (_, index) => `image-${1_000 + index}`));
    job = await orchestrator.submit({ batching: { maxObjects: 1 }, policy: { maxAttempts: 1, retryDelaySeconds: 0 } });
    const { store } = orchestrator;
    const tasks = await store.leaseTasks({ plugins: ['echo'], now: orchestrator.clock.now(), limit: 500 }, (task) => ({
      ...task,
      state: 'leased',
      fence: 1,
      lease: held,
    }));
    for (const [index, { id }] of tasks.entries()) await bury(id, index % 2 === 0 ? 'command-failed' : 'out-of-memory');
    await orchestrator.restart();
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'failed');
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const bury = (id: string, code: 'command-failed' | 'out-of-memory') =>
    orchestrator.store.changeTask(
      id,
      ({ lease: _over, ...task }) => {
        const why = failure(code, 'It went wrong.');
        const state = nextTaskState(task.state, 'exhaust');
        return {
          task: { ...task, state, failure: why, endedAt: orchestrator.clock.now() },
          attempt: { outcome: 'failed', failure: why },
        };
      },
      orchestrator.clock.now(),
    );
  const redrive = async (body: unknown = {}, key = 'once') =>
    (await orchestrator.post<RedriveAnswer>(`/api/v1/jobs/${job.id}/redrive`, body, { 'idempotency-key': key })).body;
  const available = (count: number) =>
    orchestrator.jobWhen(job.id, ({ tasks }) => tasks.available === count && tasks.dead === 501 - count);

  it('H6: are answered for at once, with true counts, and redriven page by page', async () => {
    expect(await redrive()).toEqual({ redriven: 500, refused: 1, ongoing: true });
    expect(await available(500)).toMatchObject({ state: 'running' });
    expect((await orchestrator.store.findJob(job.id))?.redrives).toBeUndefined();
    expect(await redrive()).toEqual({ redriven: 500, refused: 1, ongoing: true });
  });

  it('H6: are redriven by reason and by cause, and the others left alone', async () => {
    expect(await redrive({ reason: 'oom' })).toEqual({ redriven: 250, refused: 0, ongoing: true });
    await available(250);
    const { body } = await orchestrator.get<{ items: { id: string; code: string }[] }>(
      `/api/v1/jobs/${job.id}/failures`,
    );
    const group = body.items.find(({ code }) => code === 'command-failed')?.id;
    expect(await redrive({ group }, 'twice')).toEqual({ redriven: 250, refused: 0, ongoing: true });
    await available(500);
  });

  it('H6: are redriven once each, when the orchestrator dies in the middle and the request is repeated', async () => {
    const { store } = orchestrator;
    const change = store.changeTasks.bind(store);
    let pages = 0;
    store.changeTasks = async (...given) => {
      pages += 1;
      if (pages > 1) throw new Error('It died.');
      return change(...given);
    };
    await redrive();
    // The one that was refused is on the first page too.
    await available(199);
    expect(await orchestrator.jobWhen(job.id, () => true)).toMatchObject({ state: 'running' });
    // One that was redriven already dies once more: that it is dead is no part of what was asked for.
    const { items } = await store.listTasks(job.id, { limit: 1, states: ['available'] });
    await orchestrator.clock.advance(1_000);
    await store.changeTask(items[0]!.id, (task) => ({ task: { ...task, state: 'leased', lease: held } }), 0);
    await bury(items[0]!.id, 'command-failed');
    store.changeTasks = change;
    store.changeTasks = change;
    await orchestrator.restart();
    expect(await redrive()).toEqual({ redriven: 500, refused: 1, ongoing: true });
    await available(499);
    expect(await store.findTask(items[0]!.id)).toMatchObject({ state: 'dead' });
  });

  it('are let go of when the job is cancelled meanwhile', async () => {
    const { store } = orchestrator;
    const change = store.changeTasks.bind(store);
    let letGo: () => void = () => undefined;
    const cancelled = new Promise<void>((resolve) => (letGo = resolve));
    store.changeTasks = async (...given) => {
      await cancelled;
      return change(...given);
    };
    await redrive();
    const { body } = await orchestrator.get<ExplainAnswer>(`/api/v1/jobs/${job.id}/explain`);
    expect(body.sentences.at(-1)).toMatch(/made available again, little by little/);
    await orchestrator.post(`/api/v1/jobs/${job.id}/cancel`);
    letGo();
    for (let tries = 0; tries < 100 && (await store.findJob(job.id))?.redrives; tries += 1) await available(0);
    expect(await orchestrator.jobWhen(job.id, () => true)).toMatchObject({ state: 'cancelled', tasks: { dead: 501 } });
  });
});
