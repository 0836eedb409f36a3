import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WhoAmIAnswer } from '@longshore/core/protocol';
import { adminToken, createToken, lockedOrchestrator } from '../testing/locked-orchestrator.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('asking an orchestrator who one is', () => {
  let orchestrator: OrchestratorOnFakes;
  beforeAll(async () => {
    orchestrator = await lockedOrchestrator();
  });
  afterAll(() => orchestrator[Symbol.asyncDispose]());

  const ask = (token?: string) => orchestrator.ask('GET', '/api/v1/whoami', { token });

  it('tells the role of the token, and until when and how often it is good', async () => {
    expect(await ask(adminToken)).toMatchObject({ status: 200, body: { role: 'admin', cluster: 'default' } });
    const join = await createToken(orchestrator, { role: 'join', uses: 3, expires_seconds: 60 });
    const { body } = await ask(join.token);
    expect(body).toMatchObject({ role: 'join', uses: 0, max_uses: 3, expires_at: join.expires_at });
    expect(body.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('tells nothing to whoever shows no token where one is needed', async () => {
    expect((await ask()).body).toEqual({ role: 'none' });
  });

  it('refuses a token that nobody knows', async () => {
    expect(await ask(`${adminToken}x`)).toMatchObject({ status: 401, body: { code: 'not-authenticated' } });
  });

  it('tells everybody of this machine that they are an admin while there are no tokens', async () => {
    await using open = await OrchestratorOnFakes.start();
    const { body } = await open.get<WhoAmIAnswer>('/api/v1/whoami');
    expect(body).toEqual({ role: 'admin', cluster: 'default', version: expect.any(String) });
  });
});
