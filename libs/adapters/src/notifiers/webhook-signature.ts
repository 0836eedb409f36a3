/** Signatures of the Standard Webhooks specification (https://www.standardwebhooks.com): HMAC SHA-256, one for each secret. */
import { createHmac } from 'node:crypto';
import { LongshoreError } from '@longshore/core';

export interface SignedMessage {
  id: string;
  /** Seconds since 1970. */
  timestamp: number;
  body: string;
}

const prefix = 'whsec_';
/** What the specification says of the length. */
const [fewestBytes, mostBytes] = [24, 64];
/** The one in use, and the one before it, or after it. */
const mostSecrets = 2;

/**
 * @param text one secret, or two while one takes the place of the other: base64, with `whsec_` before it or without
 * @throws LongshoreError `invalid-configuration`, which never shows a secret
 */
export function readSecrets(text: string, setting: string): Buffer[] {
  const secrets = text.split(/[\s,]+/).filter((part) => part !== '');
  const keys = secrets.map((secret) => Buffer.from(secret.replace(prefix, ''), 'base64'));
  const areBase64 = secrets.every((secret) => /^[A-Za-z0-9+/]+={0,2}$/.test(secret.replace(prefix, '')));
  const fit = keys.every(({ length }) => length >= fewestBytes && length <= mostBytes);
  if (areBase64 && fit && keys.length >= 1 && keys.length <= mostSecrets) return keys;
  throw new LongshoreError(
    'invalid-configuration',
    `${setting} must hold one secret, or two while you change it, each of ${fewestBytes} to ${mostBytes} bytes in base64.`,
    { remedy: 'Make one with "openssl rand -base64 32"; "whsec_" may stand before it.' },
  );
}

/** What the header `webhook-signature` holds. */
export function signatures({ id, timestamp, body }: SignedMessage, secrets: readonly Buffer[]): string {
  return secrets
    .map((secret) => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
    .join(' ');
}
