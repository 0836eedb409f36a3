/** Keeps web pages of others from using a browser on this machine or of an admin to reach the orchestrator. */
import { LongshoreError } from '@longshore/core';
import type { Request } from 'express';

const harmless = ['GET', 'HEAD', 'OPTIONS'];
const namesOfThisMachine = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Against DNS rebinding: a foreign name that is made to point to this machine still stands in the Host header.
 *
 * @throws LongshoreError `not-allowed`
 */
export function refuseForeignHost({ headers: { host = '' } }: Request, servedAs: string): void {
  const name = host.toLowerCase().replace(/:\d*$/, '');
  const own = [...namesOfThisMachine, servedAs.includes(':') ? `[${servedAs}]` : servedAs];
  if (own.includes(name)) return;
  throw new LongshoreError('not-allowed', 'This orchestrator serves its own machine only, and not under this name.', {
    remedy: 'Use http://127.0.0.1 or http://localhost, or create a token.',
  });
}

/**
 * Against requests that a page of somebody else makes a browser send.
 *
 * @throws LongshoreError `not-allowed`
 */
export function refuseForeignOrigin({ method, headers }: Request): void {
  if (harmless.includes(method)) return;
  const { origin, host, 'sec-fetch-site': site } = headers;
  const isForeign = origin !== undefined && URL.parse(origin)?.host !== host?.toLowerCase();
  if (!isForeign && site !== 'cross-site') return;
  throw new LongshoreError('not-allowed', 'A page of another site may change nothing here.', {
    remedy: 'Use the command line, or a page that this orchestrator serves.',
  });
}
