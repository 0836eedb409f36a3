import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Assignment, AssignmentAnswer, HeartbeatAnswer } from '@longshore/core/protocol';
import {
  adminToken,
  configuredJoinToken,
  createToken,
  joinWith,
  lockedOrchestrator,
} from '../testing/locked-orchestrator.js';
import type { Answer, OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

const lifeMs = 900_000;

describe('a worker behind a lock', () => {
  let orchestrator: OrchestratorOnFakes;

  beforeEach(async () => {
    orchestrator = await lockedOrchestrator();
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const poll = (worker: { worker_id: string; token?: string }, wait = 0): Promise<Answer<AssignmentAnswer>> =>
    orchestrator.ask('GET', `/assignment/${worker.worker_id}?wait=${wait}`, { token: worker.token });
  const beat = (worker: { worker_id: string }, token: string, more = {}): Promise<Answer<HeartbeatAnswer>> =>
    orchestrator.ask('POST', `/heartbeat/${worker.worker_id}`, { token, body: { assignments: [], ...more } });
  const revoke = (id: string) => orchestrator.ask('DELETE', `/api/v1/tokens/${id}`, { token: adminToken });
  const submit = async (...names: string[]) => {
    orchestrator.putImages(...names);
    const body = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/', batching: { maxObjects: 1 } };
    const { body: job } = await orchestrator.ask<{ id: string }>('POST', '/api/v1/jobs', { token: adminToken, body });
    await eventually(async () => {
      const found = await orchestrator.ask('GET', `/api/v1/jobs/${job.id}`, { token: adminToken });
      expect(found.body).toMatchObject({ scan: 'done' });
    });
  };

  it('S2: comes in with a join token as often as that allows, and with a token of its own each time', async () => {
    const join = await createToken(orchestrator, { role: 'join', uses: 2 });
    const [one, two] = [await joinWith(orchestrator, join.token), await joinWith(orchestrator, join.token)];
    expect(one).toMatchObject({ token: expect.stringMatching(/^lsw_/), token_seconds: 900 });
    expect(new Set([one.token, two.token, join.token]).size).toBe(3);
    await expect(joinWith(orchestrator, join.token)).rejects.toMatchObject({
      status: 401,
      detail: expect.stringMatching(/used 2 times/),
    });
    expect((await poll(one)).status).toBe(200);
    expect((await poll({ ...one, token: join.token })).status).toBe(403);
  });

  it('S2: does not come in after the hour of a join token, nor with one that was revoked', async () => {
    const [late, revoked] = [
      await createToken(orchestrator, { role: 'join' }),
      await createToken(orchestrator, { role: 'join' }),
    ];
    await revoke(revoked.id);
    await expect(joinWith(orchestrator, revoked.token)).rejects.toMatchObject({ code: 'token-revoked' });
    await orchestrator.clock.advance(3_600_000);
    await expect(joinWith(orchestrator, late.token)).rejects.toMatchObject({ code: 'not-authenticated' });
    await joinWith(orchestrator, configuredJoinToken);
  });

  it('S2: comes in with the plugin its join token is for, and with no other', async () => {
    const join = await createToken(orchestrator, { role: 'join', plugin: 'echo' });
    await joinWith(orchestrator, join.token);
    for (const plugin of ['other', undefined]) {
      await expect(joinWith(orchestrator, join.token, { plugin })).rejects.toMatchObject({ code: 'not-allowed' });
    }
  });

  it('S2: is the same worker when its registration is repeated, and no other token gets at it', async () => {
    const join = await createToken(orchestrator, { role: 'join', uses: 1 });
    const request = { request_id: 'the same' };
    const answers = await Promise.all([1, 2, 3].map(() => joinWith(orchestrator, join.token, request)));
    expect(new Set(answers.map((answer) => answer.worker_id)).size).toBe(1);
    for (const answer of answers) expect((await poll(answer)).status).toBe(200);
    const stranger = await joinWith(orchestrator, configuredJoinToken, request);
    expect(stranger.worker_id).not.toBe(answers[0]?.worker_id);
  });

  it('S3: is given a new token at half the life of its token; the old one stays valid to its end', async () => {
    const worker = await joinWith(orchestrator, configuredJoinToken);
    expect((await beat(worker, worker.token)).body).toEqual({ orders: [] });
    await orchestrator.clock.advance(lifeMs / 2);
    const { body } = await beat(worker, worker.token);
    expect(body).toMatchObject({ token: expect.stringMatching(/^lsw_/), token_seconds: 900 });
    const renewed = body.token ?? '';
    expect((await beat(worker, renewed)).body).toEqual({ orders: [] });
    await orchestrator.clock.advance(lifeMs / 2 - 1);
    expect((await poll(worker)).status).toBe(200);
    await orchestrator.clock.advance(1);
    expect([(await poll(worker)).status, (await poll({ ...worker, token: renewed })).status]).toEqual([401, 200]);
  });

  it('S3: gets another new token when the answer with the first one was lost, and its repeated request no stored one', async () => {
    const worker = await joinWith(orchestrator, configuredJoinToken);
    await orchestrator.clock.advance(lifeMs / 2);
    const lost = await beat(worker, worker.token, { request_id: 'beat' });
    const again = await beat(worker, worker.token, { request_id: 'beat' });
    expect(again.body.token).not.toBe(lost.body.token);
    for (const { body } of [lost, again]) expect((await poll({ ...worker, token: body.token ?? '' })).status).toBe(200);
    const receipt = await orchestrator.store.findReceipt(`${worker.worker_id} heartbeat beat`);
    expect(receipt).toMatchObject({ answer: { body: { orders: [] } } });
    expect(JSON.stringify(receipt)).not.toContain('lsw_');
  });

  it('S3: loses its token, its wait and its tasks at once when it is revoked, and no other worker does', async () => {
    const join = await createToken(orchestrator, { role: 'join' });
    const [one, two] = [await joinWith(orchestrator, join.token), await joinWith(orchestrator, join.token)];
    await submit('a');
    const held = (await poll(one)).body.assignment as Assignment;
    const waiting = poll({ ...two }, 50);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await revoke(one.worker_id)).toMatchObject({ status: 200, body: { revoked: [one.worker_id] } });
    expect(await poll(one)).toMatchObject({ status: 401, body: { code: 'token-revoked' } });
    expect((await waiting).body.assignment).toMatchObject({ task_id: held.task_id });
    const late = await orchestrator.ask('POST', `/status/${one.worker_id}`, {
      token: one.token,
      body: { status: 'completed' },
    });
    expect(late.status).toBe(401);
  });

  it('S2 S3: ends with all others when the join token they came in with is revoked, a wait that goes on included', async () => {
    const join = await createToken(orchestrator, { role: 'join' });
    const [one, two] = [await joinWith(orchestrator, join.token), await joinWith(orchestrator, join.token)];
    const other = await joinWith(orchestrator, configuredJoinToken);
    const waiting = poll(one, 50);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { body } = await revoke(join.id);
    expect([...(body.revoked as string[])].sort()).toEqual([join.id, one.worker_id, two.worker_id].sort());
    expect(await waiting).toMatchObject({ status: 200, body: { assignment: null } });
    expect([(await poll(one)).status, (await poll(two)).status, (await poll(other)).status]).toEqual([401, 401, 200]);
    await submit('a');
    expect((await poll(other)).body.assignment).not.toBeNull();
  });

  it('S6: cannot report on the task of another worker, in its own name or in that of the other', async () => {
    const [one, two] = [
      await joinWith(orchestrator, configuredJoinToken),
      await joinWith(orchestrator, configuredJoinToken),
    ];
    await submit('a', 'b');
    const [mine, theirs] = [
      (await poll(one)).body.assignment as Assignment,
      (await poll(two)).body.assignment as Assignment,
    ];
    const report = (worker: string, token: string, { assignment_id, fence }: Assignment) =>
      orchestrator.ask('POST', `/status/${worker}`, {
        token,
        body: { status: 'failed', assignment_id, fence, worker_id: two.worker_id },
      });
    expect((await report(two.worker_id, one.token, theirs)).status).toBe(403);
    expect((await report(one.worker_id, one.token, theirs)).status).toBe(409);
    const held = { assignments: [{ assignment_id: theirs.assignment_id, fence: theirs.fence }] };
    expect((await beat(one, one.token, held)).body.orders).toEqual([
      { assignment_id: theirs.assignment_id, order: 'cancel' },
    ]);
    expect((await beat(two, two.token, held)).body.orders).toEqual([]);
    expect((await report(one.worker_id, one.token, mine)).status).toBe(200);
  });

  async function eventually(check: () => Promise<void>): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await check();
      } catch (thrown) {
        if (tries === 200) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }
});

describe('a worker of the original system, which knows no tokens', () => {
  const enter = (orchestrator: OrchestratorOnFakes) =>
    orchestrator.ask<{ worker_id: string }>('POST', '/register', { body: { hostname: 'old' } });

  it('S1: is not let in', async () => {
    await using orchestrator = await lockedOrchestrator();
    expect((await enter(orchestrator)).status).toBe(401);
  });

  it('is let in where the operator says so, and goes on without a token, as nobody else does', async () => {
    await using orchestrator = await lockedOrchestrator({ LONGSHORE_ALLOW_LEGACY_WORKERS: 'true' });
    const { status, body } = await enter(orchestrator);
    expect([status, Object.keys(body)]).toEqual([200, expect.not.arrayContaining(['token'])]);
    const modern = await joinWith(orchestrator, configuredJoinToken);
    const poll = async (id: string) => (await orchestrator.ask('GET', `/assignment/${id}`)).status;
    expect([await poll(body.worker_id), await poll(modern.worker_id), await poll('unknown')]).toEqual([200, 401, 404]);
    expect((await orchestrator.ask('POST', `/ack/${body.worker_id}`, { body: {} })).status).toBe(400);
    expect((await orchestrator.ask('GET', `/assignment/${body.worker_id}`, { token: 'wrong' })).status).toBe(401);
    expect((await orchestrator.ask('GET', '/api/v1/jobs')).status).toBe(401);
    orchestrator.environment = { LONGSHORE_ADMIN_TOKEN: adminToken };
    await orchestrator.restart();
    expect(await poll(body.worker_id)).toBe(401);
  });
});
