import { describe, expect, it } from '@jest/globals';
import { aToken, builtAt } from '../testing/builders.js';
import { roles, type Role } from './access-token.js';
import { checkToken, countUse, isAlive, permits, revoke, withSecret } from './token-rules.js';
import { hashOfSecret } from './token-secret.js';

const hash = hashOfSecret('secret of token');
const code = (name: string) => expect.objectContaining({ code: name });

describe('a role', () => {
  const may: Record<Role, Role[]> = {
    admin: ['admin', 'submit', 'read', 'join', 'worker'],
    submit: ['submit', 'read'],
    read: ['read'],
    join: ['join'],
    worker: ['worker'],
  };

  it.each(roles)('%s permits what it says and no more', (role) => {
    expect(roles.filter((needed) => permits(role, needed))).toEqual(may[role]);
  });
});

describe('a token', () => {
  it('lets in who shows its secret, until it expires', () => {
    const token = aToken({ expiresAt: builtAt + 10 });
    expect(() => checkToken(token, hash, builtAt + 9)).not.toThrow();
    expect(() => checkToken(token, hash, builtAt + 10)).toThrow(code('not-authenticated'));
    expect(() => checkToken(token, hashOfSecret('other'), builtAt)).toThrow(code('not-authenticated'));
    expect([isAlive(token, builtAt + 9), isAlive(token, builtAt + 10)]).toEqual([true, false]);
  });

  it('lets nobody in once it is revoked, and keeps the time at which it was', () => {
    const token = revoke(revoke(aToken(), builtAt + 1), builtAt + 2);
    expect(token.revokedAt).toBe(builtAt + 1);
    expect(() => checkToken(token, hash, builtAt)).toThrow(code('token-revoked'));
    expect(() => countUse(token, builtAt)).toThrow(code('token-revoked'));
    expect(() => withSecret(token, { hash: 'x' }, builtAt)).toThrow(code('token-revoked'));
    expect(isAlive(token, builtAt)).toBe(false);
  });

  it('S2: lets in as many workers as it says, and none after its end', () => {
    const join = aToken({ role: 'join', maxUses: 2, expiresAt: builtAt + 10 });
    const used = countUse(countUse(join, builtAt), builtAt);
    expect(used.uses).toBe(2);
    expect(() => countUse(used, builtAt)).toThrow(/used 2 times/);
    expect(() => countUse(join, builtAt + 10)).toThrow(/expired/);
  });

  it('S3: may be shown with its secret of before for a while, and no longer', () => {
    const first = { hash: hashOfSecret('first'), expiresAt: builtAt + 10 };
    const second = { hash: hashOfSecret('second'), expiresAt: builtAt + 20 };
    const token = withSecret(aToken({ role: 'worker', secrets: [first] }), second, builtAt + 5);
    expect(() => checkToken(token, first.hash, builtAt + 9)).not.toThrow();
    expect(() => checkToken(token, first.hash, builtAt + 10)).toThrow(/expired/);
    expect(() => checkToken(token, second.hash, builtAt + 19)).not.toThrow();
    expect(withSecret(token, { hash: 'third', expiresAt: builtAt + 30 }, builtAt + 12).secrets).toHaveLength(2);
  });

  it('keeps no more secrets than it takes to survive lost answers', () => {
    let token = aToken({ role: 'worker', secrets: [] });
    for (let count = 0; count < 10; count += 1) {
      token = withSecret(token, { hash: String(count), expiresAt: builtAt + 10 }, builtAt);
    }
    expect(token.secrets.map((secret) => secret.hash)).toEqual(['6', '7', '8', '9']);
  });
});
