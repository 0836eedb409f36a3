import { describe, expect, it } from '@jest/globals';
import { roles } from './access-token.js';
import { hashOfSecret, newSecret, sameHash, withoutSecrets } from './token-secret.js';

describe('a secret', () => {
  it.each(roles)('of the role %s has 256 random bits behind a prefix that tells what it is', (role) => {
    const [one, other] = [newSecret(role), newSecret(role)];
    expect(one).toMatch(/^ls[kjw]_[A-Za-z0-9_-]{43}$/);
    expect(one).not.toBe(other);
  });

  it('S4: is compared by its hash in constant time, and a hash of another length is just another one', () => {
    const hash = hashOfSecret('secret');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(sameHash(hash, hashOfSecret('secret'))).toBe(true);
    expect(sameHash(hash, hashOfSecret('Secret'))).toBe(false);
    expect(sameHash(hash, hash.slice(1))).toBe(false);
    expect(sameHash(hash, '')).toBe(false);
  });

  it('is cut out of what is written to a log', () => {
    const secret = newSecret('admin');
    expect(withoutSecrets(`GET /jobs/${secret}?x=${secret}`)).toBe('GET /jobs/lsk_...?x=lsk_...');
    expect(withoutSecrets('an ordinary sentence')).toBe('an ordinary sentence');
  });
});
