import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { roles, type Role } from '@longshore/core';
import { adminToken, createToken, joinWith, lockedOrchestrator } from '../testing/locked-orchestrator.js';
import type { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

/** Who may use what. A new route fails the first test below until somebody has thought about it here. */
const expected: Record<string, Role | 'anyone'> = {
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'GET /metrics': 'read',
  'POST /register': 'join',
  'GET /assignment/:worker_id': 'worker',
  'POST /ack/:worker_id': 'worker',
  'POST /status/:worker_id': 'worker',
  'POST /heartbeat/:worker_id': 'worker',
  'POST /turn/:worker_id': 'worker',
  'GET /api/v1/workers': 'read',
  'POST /api/v1/plans': 'submit',
  'GET /api/v1/workers/:id': 'read',
  'POST /api/v1/workers/:id/drain': 'admin',
  'GET /api/v1/plugins': 'read',
  'GET /api/v1/plugins/:name': 'read',
  'GET /api/v1/events': 'read',
  'GET /api/v1/openapi.json': 'anyone',
  'GET /api/v1/job-schema.json': 'anyone',
  'GET /api/v1/docs': 'anyone',
  'GET /api/v1/analytics/overview': 'read',
  'GET /api/v1/analytics/jobs-by-type': 'read',
  'GET /api/v1/analytics/jobs-by-status': 'read',
  'GET /api/v1/analytics/tasks-by-status': 'read',
  'GET /api/v1/analytics/timeline': 'read',
  'GET /api/v1/analytics/processing-time-stats': 'read',
  'POST /api/v1/jobs': 'submit',
  'GET /api/v1/jobs': 'read',
  'GET /api/v1/jobs/:id': 'read',
  'POST /api/v1/jobs/:id/pause': 'submit',
  'POST /api/v1/jobs/:id/resume': 'submit',
  'POST /api/v1/jobs/:id/cancel': 'submit',
  'POST /api/v1/jobs/:id/redrive': 'submit',
  'POST /api/v1/jobs/:id/retry': 'submit',
  'GET /api/v1/jobs/:id/explain': 'read',
  'GET /api/v1/jobs/:id/manifest': 'read',
  'GET /api/v1/jobs/:id/reports': 'read',
  'GET /api/v1/jobs/:id/reports/:name': 'read',
  'GET /api/v1/jobs/:id/tasks': 'read',
  'GET /api/v1/jobs/:id/failures': 'read',
  'GET /api/v1/jobs/:id/dead-letters': 'read',
  'GET /api/v1/jobs/:id/analytics': 'read',
  'GET /api/v1/jobs/:id/events': 'read',
  'GET /api/v1/tasks/:id': 'read',
  'GET /api/v1/tasks/:id/objects': 'read',
  'GET /api/v1/tasks/:id/outputs': 'read',
  'GET /api/v1/tasks/:id/attempts': 'read',
  'POST /api/v1/tasks/:id/running': 'worker',
  'POST /api/v1/tasks/:id/complete': 'worker',
  'POST /api/v1/tasks/:id/failed': 'worker',
  'GET /api/v1/tasks/:id/explain': 'read',
  'GET /api/v1/tasks/:id/attempts/:number': 'read',
  'GET /api/v1/admin/invariants': 'admin',
  'GET /api/v1/admin/backup': 'admin',
  'GET /api/v1/notifications': 'admin',
  'POST /api/v1/notifications/test': 'admin',
  'GET /api/v1/whoami': 'anyone',
  'POST /api/v1/tokens': 'admin',
  'GET /api/v1/tokens': 'admin',
  'DELETE /api/v1/tokens/:id': 'admin',
};

const mayUse: Record<Role | 'anyone', readonly Role[]> = {
  anyone: roles,
  read: ['read', 'submit', 'admin'],
  submit: ['submit', 'admin'],
  join: ['join', 'admin'],
  worker: ['worker', 'admin'],
  admin: ['admin'],
};

describe('every route there is', () => {
  let orchestrator: OrchestratorOnFakes;
  let workerId: string;
  const tokens = new Map<string, string | undefined>();

  beforeAll(async () => {
    orchestrator = await lockedOrchestrator();
    const create = (role: Role, more = {}) => createToken(orchestrator, { role, ...more });
    const [expired, revoked] = [await create('admin', { expires_seconds: 1 }), await create('admin')];
    await orchestrator.ask('DELETE', `/api/v1/tokens/${revoked.id}`, { token: adminToken });
    await orchestrator.clock.advance(1_000);
    const worker = await joinWith(orchestrator, (await create('join')).token);
    workerId = worker.worker_id;
    tokens.set('no token', undefined);
    tokens.set('a wrong token', `${adminToken}x`);
    tokens.set('an expired token', expired.token);
    tokens.set('a revoked token', revoked.token);
    for (const role of ['admin', 'submit', 'read', 'join'] as const) tokens.set(role, (await create(role)).token);
    tokens.set('worker', worker.token);
  });
  afterAll(() => orchestrator[Symbol.asyncDispose]());

  async function statusOf(route: string, token: string | undefined, worker = workerId): Promise<number> {
    const [method = '', path = ''] = route.split(' ');
    const at = path
      .replace(':worker_id', worker)
      .replace(':number', '1')
      .replace(':id', 'none')
      .replace(':name', 'none');
    const { status, body, headers } = await orchestrator.ask(method, at, {
      token,
      body: method === 'POST' ? {} : undefined,
    });
    if (status >= 400) {
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(body).toMatchObject({ status, type: `urn:longshore:error:${String(body.code)}` });
    }
    if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    return status;
  }

  it('S1: is one about whose role somebody has decided', () => {
    const found = orchestrator.routes.map(({ method, path }) => `${method} ${path}`);
    expect([...found].sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.entries(expected))('S1: %s is for %s, and for nobody with less', async (route, needed) => {
    const answers = new Map<string, number>();
    for (const [name, token] of tokens) answers.set(name, await statusOf(route, token));
    for (const name of ['a wrong token', 'an expired token', 'a revoked token'])
      expect([name, answers.get(name)]).toEqual([name, 401]);
    if (needed === 'anyone') expect(answers.get('no token')).toBe(200);
    else expect(answers.get('no token')).toBe(401);
    for (const role of roles) {
      const refused = [401, 403].includes(answers.get(role) ?? 0);
      expect([role, refused]).toEqual([role, !mayUse[needed].includes(role)]);
      if (refused) expect([role, answers.get(role)]).toEqual([role, 403]);
    }
  });

  it.each(Object.keys(expected).filter((route) => route.includes(':worker_id')))(
    'S3 S6: %s of another worker is forbidden to a worker, whatever the body says',
    async (route) => {
      const other = await joinWith(orchestrator, tokens.get('join'));
      expect(await statusOf(route, tokens.get('worker'), other.worker_id)).toBe(403);
      expect(await statusOf(route, tokens.get('worker'), 'none')).toBe(403);
    },
  );

  it('S1: tells nothing to those who may use nothing but that it is there', async () => {
    expect(await orchestrator.ask('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await orchestrator.ask('GET', '/nowhere')).toMatchObject({ status: 404, body: { code: 'route-not-found' } });
    const wrong = await orchestrator.ask('DELETE', '/api/v1/jobs');
    expect(wrong).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } });
    expect(wrong.headers.get('allow')).toBe('GET, POST');
  });
});
