/** Lets a caller use a route when the role that the route declares is theirs; a worker, only in its own name. */
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { JobStore, LongshoreError, permits, type Role } from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Allow } from './allow.js';
import { addressOf, type Caller, type KnownRequest } from './caller.js';
import { RequestLimits } from './request-limits.js';

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly config: OrchestratorConfig,
    private readonly limits: RequestLimits,
    private readonly store: JobStore,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const needed = this.reflector.get(Allow, context.getHandler());
    if (needed === 'anyone') return true;
    if (needed === undefined) throw new LongshoreError('not-allowed', 'Nobody is allowed to use this route.');
    const request = context.switchToHttp().getRequest<KnownRequest>();
    const caller = request.caller ?? (await this.legacyWorker(needed, request));
    if (!caller) throw await this.limits.failed(addressOf(request), tokenMissing());
    refuseOtherRole(caller, needed);
    refuseOtherWorker(caller, request);
    request.caller = caller;
    if (request.unreadable) throw request.unreadable;
    return true;
  }

  /** Workers of the original system show no token; where they are allowed, they go on without one for as long as they live. */
  private async legacyWorker(needed: Role, { params }: KnownRequest): Promise<Caller | undefined> {
    if (!this.config.access.allowLegacyWorkers) return undefined;
    if (needed === 'join') return { role: 'join', legacy: true };
    const workerId = params.worker_id;
    if (needed !== 'worker' || typeof workerId !== 'string') return undefined;
    const worker = await this.store.findWorker(workerId);
    // One that is not known is told so and registers again, as it is used to.
    return !worker || worker.legacy ? { role: 'worker', workerId, legacy: true } : undefined;
  }
}

function refuseOtherRole({ role }: Caller, needed: Role): void {
  if (permits(role, needed)) return;
  throw new LongshoreError('not-allowed', `This needs a token of the role "${needed}"; yours is of "${role}".`, {
    remedy: 'Ask an admin for one.',
  });
}

/** Of a route that names a worker; the others know whom they speak to by the token alone. */
function refuseOtherWorker({ role, workerId }: Caller, { params }: KnownRequest): void {
  if (role !== 'worker' || !('worker_id' in params) || workerId === params.worker_id) return;
  throw new LongshoreError('not-allowed', 'The token of a worker is good for that worker alone.');
}

function tokenMissing(): LongshoreError {
  return new LongshoreError('not-authenticated', 'This needs a token, and none was shown.', {
    remedy: 'Set LONGSHORE_TOKEN (for a worker: LONGSHORE_JOIN_TOKEN), or send "Authorization: Bearer <token>".',
  });
}
