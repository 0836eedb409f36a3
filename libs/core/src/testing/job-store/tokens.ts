/** Tokens: found by the hash of what is shown, changed whole or not at all. */
import { describe, expect, it } from '@jest/globals';
import { countUse, revoke, withSecret } from '../../access/token-rules.js';
import { hashOfSecret } from '../../access/token-secret.js';
import type { JobStore } from '../../ports/job-store.js';
import { aToken, aWorker, builtAt } from '../builders.js';
import { everyPage, ids } from './subject.js';

export function tokensContract(store: () => JobStore): void {
  describe('tokens', () => {
    const whole = aToken({
      id: 'whole',
      role: 'join',
      label: 'for "plate 7"\n',
      expiresAt: builtAt + 5,
      uses: 1,
      maxUses: 3,
      plugin: 'echo',
      setting: 'LONGSHORE_JOIN_TOKEN',
    });

    it('are found by the hash of what is shown, with all that is known of them', async () => {
      await store().saveToken(aToken());
      await store().saveToken(whole);
      expect(await store().findToken(hashOfSecret('secret of whole'))).toEqual(whole);
      expect(await store().findToken(hashOfSecret('secret of nobody'))).toBeUndefined();
      expect(await store().findToken('secret of whole')).toBeUndefined();
    });

    it('are listed newest first, in pages', async () => {
      expect(await store().listTokens({ limit: 3 })).toEqual({ items: [] });
      for (const id of ['a', 'b', 'c', 'd', 'e']) await store().saveToken(aToken({ id }));
      expect(ids(await everyPage((page) => store().listTokens(page), 2))).toEqual(['e', 'd', 'c', 'b', 'a']);
    });

    it('are shown by every secret they have, and by none they had', async () => {
      await store().saveToken(aToken({ role: 'worker', secrets: [{ hash: 'one', expiresAt: builtAt + 5 }] }));
      const add = (hash: string, now: number) =>
        store().changeToken('token', (token) => ({ token: withSecret(token, { hash, expiresAt: now + 10 }, now) }));
      await add('two', builtAt);
      expect(await Promise.all(['one', 'two'].map((hash) => store().findToken(hash)))).toEqual([
        expect.objectContaining({ id: 'token' }),
        expect.objectContaining({ id: 'token' }),
      ]);
      await add('three', builtAt + 6);
      expect(await store().findToken('one')).toBeUndefined();
      expect(ids([(await store().findToken('two'))!, (await store().findToken('three'))!])).toEqual(['token', 'token']);
    });

    it('are changed with the worker that came in and the token it got, or not at all', async () => {
      await store().saveToken(aToken({ id: 'join', role: 'join', maxUses: 1 }));
      const receipt = { requestId: 'register 1', at: builtAt, answer: { body: {} } };
      const enter = (id: string) =>
        store().changeToken('join', (token) => ({
          token: countUse(token, builtAt),
          created: aToken({ id, role: 'worker', workerId: id, parentId: 'join' }),
          worker: aWorker({ id }),
          receipt: { ...receipt, requestId: `register ${id}` },
        }));
      expect(await enter('w1')).toMatchObject({ id: 'join', uses: 1 });
      await expect(enter('w2')).rejects.toMatchObject({ code: 'not-authenticated' });
      expect(ids(await store().listWorkers())).toEqual(['w1']);
      expect(ids((await store().listTokens({ limit: 10 })).items)).toEqual(['w1', 'join']);
      expect(await store().findReceipt('register w2')).toBeUndefined();
      const again = store().changeToken('join', (token) => ({
        token: { ...token, uses: 9 },
        receipt: { ...receipt, requestId: 'register w1' },
      }));
      await expect(again).rejects.toMatchObject({ code: 'request-repeated' });
      expect((await store().findToken(hashOfSecret('secret of join')))?.uses).toBe(1);
    });

    it('S2: let in as many as they may, however many come at the same time', async () => {
      await store().saveToken(aToken({ id: 'join', role: 'join', maxUses: 3 }));
      const use = () => store().changeToken('join', (token) => ({ token: countUse(token, builtAt) }));
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, use));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
      expect((await store().findToken(hashOfSecret('secret of join')))?.uses).toBe(3);
    });

    it('S2 S3: are revoked with everything that was handed out for them, once', async () => {
      await store().saveToken(aToken({ id: 'join', role: 'join' }));
      await store().saveToken(aToken({ id: 'other' }));
      for (const id of ['w1', 'w2']) await store().saveToken(aToken({ id, role: 'worker', parentId: 'join' }));
      expect(ids(await store().revokeToken('w1', builtAt))).toEqual(['w1']);
      const [first, ...rest] = await store().revokeToken('join', builtAt + 1);
      expect([first?.id, ids(rest)]).toEqual(['join', ['w2']]);
      expect(await store().revokeToken('join', builtAt + 2)).toEqual([]);
      const { items } = await store().listTokens({ limit: 10 });
      expect(Object.fromEntries(items.map(({ id, revokedAt }) => [id, revokedAt]))).toEqual({
        w1: builtAt,
        w2: builtAt + 1,
        join: builtAt + 1,
        other: undefined,
      });
    });

    it('are refused by name when there is none', async () => {
      const missing = { code: 'token-not-found' };
      await expect(store().revokeToken('none', builtAt)).rejects.toMatchObject(missing);
      await expect(store().changeToken('none', (token) => ({ token }))).rejects.toMatchObject(missing);
    });

    it('are not changed by changing what was given out', async () => {
      await store().saveToken(aToken());
      const found = (await store().findToken(hashOfSecret('secret of token')))!;
      Object.assign(found, revoke(found, builtAt));
      expect((await store().findToken(hashOfSecret('secret of token')))?.revokedAt).toBeUndefined();
    });
  });
}
