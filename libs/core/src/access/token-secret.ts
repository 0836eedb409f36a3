/** The secrets of tokens: how they look, and how they are compared. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Role } from './access-token.js';

/** Told apart at a glance, and found by scanners that look for leaked secrets. */
const prefixes: Record<Role, string> = { admin: 'lsk_', submit: 'lsk_', read: 'lsk_', join: 'lsj_', worker: 'lsw_' };

/** 256 random bits. Never from a chance that a test can repeat. */
export function newSecret(role: Role): string {
  return prefixes[role] + randomBytes(32).toString('base64url');
}

/** No salt and no slow hash: what is random over 256 bits cannot be found by trying. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Takes as long whether the first character differs or the last one. */
export function sameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A text as it may be written to a log: what looks like a secret is cut off behind its prefix. */
export function withoutSecrets(text: string): string {
  return text.replace(/\b(ls[kjw]_)[A-Za-z0-9_-]{8,}/g, '$1...');
}
