import { connect, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import {
  adminToken,
  createToken,
  joinWith,
  configuredJoinToken,
  lockedOrchestrator,
} from '../testing/locked-orchestrator.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('limits', () => {
  it('S27: an address that asks too often is told when to come back', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_ADDRESS_REQUESTS_PER_SECOND: '2' });
    const answers = await Promise.all(Array.from({ length: 25 }, () => orchestrator.ask('GET', '/healthz')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ code: 'too-many-requests', type: 'urn:longshore:error:too-many-requests' });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('S27: a token that asks too often does not slow down another one', async () => {
    await using orchestrator = await lockedOrchestrator({ LONGSHORE_TOKEN_REQUESTS_PER_SECOND: '1' });
    const { token } = await createToken(orchestrator, { role: 'read' });
    const ask = async (shown: string) => (await orchestrator.ask('GET', '/api/v1/jobs', { token: shown })).status;
    const statuses = await Promise.all(Array.from({ length: 12 }, () => ask(token)));
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    expect(await ask(adminToken)).toBe(200);
  });

  it('S27: who guesses tokens is stopped, and who has shown a good one from the same address is not', async () => {
    await using orchestrator = await lockedOrchestrator({ LONGSHORE_FAILED_TOKENS_PER_MINUTE: '5' });
    const unused = await createToken(orchestrator, { role: 'read' });
    const ask = (token?: string) => orchestrator.ask('GET', '/api/v1/jobs', { token });
    const statuses: number[] = [];
    for (let guess = 0; guess < 8; guess += 1) statuses.push((await ask(`guess-${guess}`)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect((await ask()).status).toBe(429);
    expect((await ask(adminToken)).status).toBe(200);
    // A guess that would be right is not told from one that is wrong.
    const right = await ask(unused.token);
    expect([right.status, Number(right.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await orchestrator.ask('GET', '/healthz')).status).toBe(200);
  });

  it('S27: 500 workers poll, beat and report from one address', async () => {
    await using orchestrator = await lockedOrchestrator();
    for (let group = 0; group < 10; group += 1) {
      const workers = await Promise.all(Array.from({ length: 50 }, () => joinWith(orchestrator, configuredJoinToken)));
      const statuses = await Promise.all(
        workers.flatMap(({ worker_id: id, token }) => [
          orchestrator.ask('GET', `/assignment/${id}?wait=0&max=1`, { token }),
          orchestrator.ask('POST', `/heartbeat/${id}`, { token, body: { assignments: [] } }),
          orchestrator.ask('POST', `/status/${id}`, { token, body: { status: 'shutting-down' } }),
        ]),
      );
      expect(statuses.filter(({ status }) => status !== 200)).toEqual([]);
    }
  });
});

describe('bodies', () => {
  it('B12 S27: are refused when they are too large, before anybody asks who sends them; a report of a worker and a job may be larger', async () => {
    await using orchestrator = await lockedOrchestrator();
    const worker = await joinWith(orchestrator, configuredJoinToken);
    const body = { hostname: 'x'.repeat(2_000_000) };
    const large = (path: string, token?: string) => orchestrator.ask('POST', path, { token, body });
    expect(await large('/register')).toMatchObject({ status: 413, body: { code: 'request-too-large' } });
    expect(await large('/api/v1/jobs')).toMatchObject({ status: 413 });
    expect(await large('/api/v1/jobs', adminToken)).toMatchObject({ status: 400 });
    expect(await large('/api/v1/tokens', adminToken)).toMatchObject({ status: 413 });
    expect(await large(`/status/${worker.worker_id}`)).toMatchObject({ status: 413 });
    expect(await large(`/status/${worker.worker_id}`, worker.token)).toMatchObject({ status: 400 });
    const huge = { body: { status: 'failed', details: { error: 'x'.repeat(17_000_000) } }, token: worker.token };
    expect(await orchestrator.ask('POST', `/status/${worker.worker_id}`, huge)).toMatchObject({ status: 413 });
  });

  const request = '"plugin":"echo","input":"s3://images/in/","output":"s3://results/out/"';
  it.each([
    ['nested too deep', `{${request},"params":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`],
    ['nested far too deep', '['.repeat(500_000)],
    ['with NaN', `{${request},"policy":{"maxAttempts":NaN}}`],
    ['with a number no number can hold', `{${request},"policy":{"maxAttempts":1e999}}`],
    ['with wrong types', '{"plugin":["echo"],"input":{"a":1},"output":7}'],
    ['with __proto__', `{${request},"__proto__":{"isAdmin":true}}`],
    ['with a nested constructor', `{${request},"params":{"constructor":{"prototype":{}}}}`],
    ['cut off', `{${request}`],
    ['of another kind', '"just text"'],
    ['empty', ''],
  ])('B12: are refused when they are %s, and nothing is polluted', async (_, body) => {
    await using orchestrator = await OrchestratorOnFakes.start();
    expect(await orchestrator.ask('POST', '/api/v1/jobs', { body })).toMatchObject({ status: 400 });
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
    expect((await orchestrator.ask<{ items: unknown[] }>('GET', '/api/v1/jobs')).body.items).toEqual([]);
  });

  it('B12: may name a field twice, of which the last counts, and carry as many assignments as a worker has slots', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const twice = `{${request},"plugin":"nobody"}`;
    expect(await orchestrator.ask('POST', '/api/v1/jobs', { body: twice })).toMatchObject({
      status: 400,
      body: { code: 'plugin-unknown' },
    });
    const workerId = await orchestrator.register();
    const assignments = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ assignment_id: `${index}.1`, fence: 1 }));
    const beat = (count: number) =>
      orchestrator.ask('POST', `/heartbeat/${workerId}`, { body: { assignments: assignments(count) } });
    expect([(await beat(4_096)).status, (await beat(4_097)).status, (await beat(30_000)).status]).toEqual([
      200, 400, 413,
    ]);
  });

  it('B12: reach a route only by a path that can be read', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    for (const path of [
      '/api/v1/jobs/%ff',
      '/api/v1/jobs/%',
      '/assignment/%00',
      '/api/v1/jobs?limit=501',
      '/api/v1/jobs?limit=NaN',
    ]) {
      const { status, headers } = await orchestrator.ask('GET', path);
      expect([path, status >= 400 && status < 500, headers.get('content-type')]).toEqual([
        path,
        true,
        expect.stringMatching(/problem/),
      ]);
    }
  });
});

describe('slow callers', () => {
  const open = async (orchestrator: OrchestratorOnFakes, text: string) => {
    const { hostname, port } = new URL(orchestrator.url);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.once('connect', resolve));
    const sentAt = performance.now();
    const closed = new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now() - sentAt)));
    socket.on('error', () => undefined).resume();
    if (text !== '') socket.write(text);
    return { socket, closed };
  };
  const dribble = (socket: Socket) => setInterval(() => socket.writable && socket.write('a'), 100);

  it('B7: are cut off when they do not send a request in time, and slow nobody else down', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_REQUEST_SECONDS: '3' });
    const head = 'POST /api/v1/jobs HTTP/1.1\r\nhost: localhost\r\n';
    const callers = await Promise.all([
      ...Array.from({ length: 200 }, () => open(orchestrator, '')),
      ...Array.from({ length: 200 }, () => open(orchestrator, head)),
      open(orchestrator, `${head}x-slow: `),
      open(orchestrator, `${head}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{`),
    ]);
    const dribbling = callers.slice(-2).map(({ socket }) => dribble(socket));
    const patient = orchestrator.register().then((id) => orchestrator.get(`/assignment/${id}?wait=6`));
    const waits: number[] = [];
    for (let count = 0; count < 50; count += 1) {
      const startedAt = performance.now();
      expect((await orchestrator.ask('GET', '/api/v1/jobs')).status).toBe(200);
      waits.push(performance.now() - startedAt);
    }
    expect(waits.sort((a, b) => a - b)[48]).toBeLessThan(1_000);
    const lived = await Promise.all(callers.map(({ closed }) => closed));
    dribbling.forEach((timer) => clearInterval(timer));
    expect(Math.max(...lived.slice(0, -1))).toBeLessThan(10_000);
    expect(lived.at(-1)).toBeLessThan(15_000);
    void orchestrator.clock.advance(6_000);
    expect(await patient).toMatchObject({ status: 200, body: { assignment: null } });
  });
});
