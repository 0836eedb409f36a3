/** Computes the signature of a request that was received, from its bytes and the description of the algorithm alone. */
import { createHash, createHmac } from 'node:crypto';
import type { Asked } from '../../testing/index.js';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function isWellSigned({ method, path, headers, body }: Asked, secret: string): boolean {
  const [, scope = '', names = '', signature] =
    /Credential=[^/]+\/(\S+), SignedHeaders=(\S+), Signature=(\w+)/.exec(headers.authorization ?? '') ?? [];
  const sha256 = createHash('sha256').update(body).digest('hex');
  if (headers['x-amz-content-sha256'] !== sha256) return false;
  const [pathname, query = ''] = path.split('?');
  const sorted = query
    .split('&')
    .map((part) => (part.includes('=') || part === '' ? part : `${part}=`))
    .sort();
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}\n`);
  const canonical = [method, pathname, sorted.join('&'), signed.join(''), names, sha256].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash].join('\n');
  const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();
  const key = scope.split('/').reduce<Buffer | string>((before, word) => hmac(before, word), `AWS4${secret}`);
  return hmac(key, text).toString('hex') === signature;
}
