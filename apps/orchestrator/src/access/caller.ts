/** Who sends a request, as the token says; what the body says about that is never believed. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { LongshoreError, type AccessToken, type Role } from '@longshore/core';
import type { Request } from 'express';

export interface Caller {
  role: Role;
  /** What was shown, and its hash; absent for callers of this machine while no tokens exist, and for legacy workers. */
  shown?: { token: AccessToken; hash: string };
  /** The worker it is, where it is one. */
  workerId?: string;
  /** A worker of the original system, without a token. */
  legacy?: true;
}

export interface KnownRequest extends Request {
  caller?: Caller;
  /** Why its body could not be read. */
  unreadable?: LongshoreError;
}

/** The caller of a route; undefined on public ones. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<KnownRequest>().caller,
);

/**
 * @returns undefined where no token is shown
 * @throws LongshoreError `not-authenticated` for what is no bearer token
 */
export function bearerToken({ headers: { authorization } }: Request): string | undefined {
  if (authorization === undefined) return undefined;
  const secret = /^Bearer +(\S{1,512})$/i.exec(authorization)?.[1];
  if (secret !== undefined) return secret;
  throw new LongshoreError('not-authenticated', 'The Authorization header holds no bearer token.', {
    remedy: 'Send "Authorization: Bearer <token>".',
  });
}

/** The address whose requests are counted together: one machine, or the smallest network of the new protocol that somebody is given. */
export function addressOf(request: Request): string {
  const address = (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const missing = address.includes('::')
    ? 8 - groups.length - tail.split(':').filter((group) => group !== '').length
    : 0;
  const full = [...groups, ...Array.from({ length: missing }, () => '0'), ...tail.split(':')];
  return `${full.slice(0, 4).join(':')}::/64`;
}
