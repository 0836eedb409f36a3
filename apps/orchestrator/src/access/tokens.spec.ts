import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CreatedTokenAnswer, PageAnswer, TokenMessage } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

const secret = 'canary-0123456789abcdef-0123456789abcdef';

describe('tokens', () => {
  let orchestrator: OrchestratorOnFakes;
  const start = async (environment: Record<string, string> = {}) =>
    (orchestrator = await OrchestratorOnFakes.start(environment));
  const create = (body: Record<string, unknown>, token?: string) =>
    orchestrator.ask<CreatedTokenAnswer>('POST', '/api/v1/tokens', { token, body });
  const listed = async (token?: string) =>
    (await orchestrator.ask<PageAnswer<TokenMessage>>('GET', '/api/v1/tokens', { token })).body.items;
  const statusWith = async (token?: string) => (await orchestrator.ask('GET', '/api/v1/jobs', { token })).status;

  beforeEach(() => start());
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  it('are not needed on one machine until there is one, and by everybody from then on', async () => {
    expect(await statusWith()).toBe(200);
    const first = await create({ role: 'admin', label: 'me' });
    expect(first).toMatchObject({ status: 201, body: { role: 'admin', label: 'me', valid: true } });
    expect([await statusWith(), await statusWith(first.body.token)]).toEqual([401, 200]);
    await orchestrator.restart();
    expect([await statusWith(), await statusWith(first.body.token)]).toEqual([401, 200]);
    await orchestrator.ask('DELETE', `/api/v1/tokens/${first.body.id}`, { token: first.body.token });
    expect([await statusWith(), await statusWith(first.body.token)]).toEqual([401, 401]);
  });

  it('begin with one for an admin, so that nobody locks themselves out', async () => {
    expect(await create({ role: 'read' })).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/first token/) },
    });
    expect(await statusWith()).toBe(200);
  });

  it('S31: show their secret once, and never again', async () => {
    const { token, id } = (await create({ role: 'admin' })).body;
    expect(token).toMatch(/^lsk_/);
    const [shown] = await listed(token);
    expect(shown).toMatchObject({ id, role: 'admin', valid: true });
    expect(JSON.stringify(await listed(token))).not.toContain(token.slice(4));
    expect(JSON.stringify(await orchestrator.store.listTokens({ limit: 10 }))).not.toContain(token.slice(4));
  });

  it('end when they say, a join token after an hour where nothing is said', async () => {
    const admin = (await create({ role: 'admin' })).body.token;
    const short = (await create({ role: 'read', expires_seconds: 60 }, admin)).body;
    const join = (await create({ role: 'join', uses: 2, plugin: 'echo' }, admin)).body;
    expect(Date.parse(join.expires_at ?? '') - Date.parse(join.created_at)).toBe(3_600_000);
    expect(join).toMatchObject({ uses: 0, max_uses: 2, plugin: 'echo' });
    expect(await statusWith(short.token)).toBe(200);
    await orchestrator.clock.advance(60_000);
    expect(await statusWith(short.token)).toBe(401);
    expect((await listed(admin)).find(({ id }) => id === short.id)).toMatchObject({ valid: false });
  });

  it('tell to the minute when they were last used', async () => {
    const admin = (await create({ role: 'admin' })).body.token;
    await listed(admin);
    await orchestrator.clock.advance(90_000);
    await listed(admin);
    const [token] = await listed(admin);
    expect(Date.parse(token?.last_used_at ?? '') - Date.parse(token?.created_at ?? '')).toBe(90_000);
  });

  it.each([
    [{ role: 'worker' }, /role/],
    [{ role: 'admin', uses: 3 }, /join token/],
    [{ role: 'join', uses: 0 }, /uses/],
    [{ role: 'admin', expires_seconds: -1 }, /expires_seconds/],
    [{ role: 'admin', id: 'mine' }, /id should not exist/],
  ])('are refused when they make no sense: %j', async (wish, sentence) => {
    expect(await create(wish)).toMatchObject({ status: 400, body: { detail: expect.stringMatching(sentence) } });
    expect(await statusWith()).toBe(200);
  });

  it.each([
    ['Basic dXNlcjpwYXNz', 401],
    ['Bearer', 401],
    ['Bearer two words', 401],
    [`Bearer ${'x'.repeat(4_000)}`, 401],
  ])('are bearer tokens; the header %j is refused', async (authorization, status) => {
    const answer = await orchestrator.ask('GET', '/api/v1/jobs', { headers: { authorization } });
    expect(answer).toMatchObject({ status, body: { code: 'not-authenticated' } });
  });

  describe('of the configuration', () => {
    const restartWith = async (environment: Record<string, string>) => {
      orchestrator.environment = { ...environment };
      await orchestrator.restart();
    };

    it('lock the orchestrator, are kept once, and end when they are configured no more', async () => {
      await restartWith({ LONGSHORE_ADMIN_TOKEN: secret });
      expect([await statusWith(), await statusWith(secret)]).toEqual([401, 200]);
      await restartWith({ LONGSHORE_ADMIN_TOKEN: secret });
      expect(await listed(secret)).toHaveLength(1);
      await restartWith({ LONGSHORE_ADMIN_TOKEN: `${secret}-2` });
      expect([await statusWith(secret), await statusWith(`${secret}-2`)]).toEqual([401, 200]);
      await restartWith({});
      expect([await statusWith(), await statusWith(`${secret}-2`)]).toEqual([401, 401]);
      await restartWith({ LONGSHORE_ADMIN_TOKEN: secret });
      expect([await statusWith(secret), await statusWith(`${secret}-2`)]).toEqual([200, 401]);
    });

    it('stay revoked: the start is refused until another one is chosen', async () => {
      await restartWith({ LONGSHORE_ADMIN_TOKEN: secret });
      const [token] = await listed(secret);
      await orchestrator.ask('DELETE', `/api/v1/tokens/${token?.id}`, { token: secret });
      await expect(restartWith({ LONGSHORE_ADMIN_TOKEN: secret })).rejects.toThrow(/LONGSHORE_ADMIN_TOKEN was revoked/);
      await restartWith({ LONGSHORE_ADMIN_TOKEN: `${secret}-2` });
    });

    it('S1: are needed where other machines can reach the port', async () => {
      await expect(restartWith({ LONGSHORE_HOST: '0.0.0.0' })).rejects.toThrow(/LONGSHORE_HOST is "0.0.0.0".*no token/);
      await restartWith({ LONGSHORE_HOST: '0.0.0.0', LONGSHORE_ADMIN_TOKEN: secret });
      expect([await statusWith(), await statusWith(secret)]).toEqual([401, 200]);
      await restartWith({ LONGSHORE_HOST: '0.0.0.0' });
      expect(await statusWith()).toBe(401);
      await expect(restartWith({ LONGSHORE_HOST: 'no-such-host.invalid' })).rejects.toThrow(
        /no address of this machine/,
      );
      await restartWith({});
    });
  });
});
