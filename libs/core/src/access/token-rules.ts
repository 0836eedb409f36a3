/** What a token lets its bearer do, and until when. */
import { LongshoreError } from '../errors/longshore-error.js';
import type { AccessToken, Role, TokenSecret } from './access-token.js';
import { sameHash } from './token-secret.js';

/** A worker whose answer gets lost asks with the secret before, and is given another one; so many stay valid at once. */
const secretsKept = 4;

export function permits(role: Role, needed: Role): boolean {
  return role === 'admin' || role === needed || (role === 'submit' && needed === 'read');
}

/**
 * @param hash of what the bearer has shown
 * @throws LongshoreError `token-revoked`, or `not-authenticated` for one that has expired
 */
export function checkToken(token: AccessToken, hash: string, now: number): void {
  const secret = token.secrets.find((one) => sameHash(one.hash, hash));
  if (!secret) throw unknownToken();
  refuseRevoked(token);
  const ends = Math.min(token.expiresAt ?? Infinity, secret.expiresAt ?? Infinity);
  if (now >= ends) throw refused('This token has expired.');
}

/**
 * The join token after one more worker has come in with it.
 *
 * @throws LongshoreError `token-revoked`, or `not-authenticated` when it has expired or was used as often as it may be
 */
export function countUse(token: AccessToken, now: number): AccessToken {
  refuseRevoked(token);
  if (now >= (token.expiresAt ?? Infinity)) throw refused('This token has expired.');
  if (token.uses >= (token.maxUses ?? Infinity)) {
    throw refused(`This token was used ${token.uses} times, which is as often as it may be.`);
  }
  return { ...token, uses: token.uses + 1 };
}

/**
 * The token with one more secret; what has ended is forgotten.
 *
 * @throws LongshoreError `token-revoked`
 */
export function withSecret(token: AccessToken, secret: TokenSecret, now: number): AccessToken {
  refuseRevoked(token);
  const valid = token.secrets.filter(({ expiresAt }) => now < (expiresAt ?? Infinity));
  return { ...token, secrets: [...valid, secret].slice(-secretsKept) };
}

export function revoke(token: AccessToken, now: number): AccessToken {
  return token.revokedAt === undefined ? { ...token, revokedAt: now } : token;
}

/** True for what may still be shown with success. */
export function isAlive(token: AccessToken, now: number): boolean {
  return token.revokedAt === undefined && now < (token.expiresAt ?? Infinity);
}

export function unknownToken(): LongshoreError {
  return refused('Nobody here knows this token.');
}

function refuseRevoked({ revokedAt }: AccessToken): void {
  if (revokedAt === undefined) return;
  throw new LongshoreError('token-revoked', 'This token was revoked.', { remedy: 'Ask an admin for another one.' });
}

function refused(message: string): LongshoreError {
  return new LongshoreError('not-authenticated', message, { remedy: 'Ask an admin for a new one.' });
}
