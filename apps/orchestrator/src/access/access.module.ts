/** Who may do what: tokens, the gate in front of every request, the guard in front of every route. */
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { Audit } from './audit.js';
import { ConfiguredTokens } from './configured-tokens.js';
import { Gate } from './gate.js';
import { Presence } from './presence.js';
import { RequestLimits } from './request-limits.js';
import { Revocations } from './revocations.js';
import { TokenBook } from './token-book.js';
import { TokensController } from './tokens.controller.js';
import { WhoAmIController } from './who-am-i.controller.js';
import { WorkerGrace } from './worker-grace.js';
import { WorkerTokens } from './worker-tokens.js';

@Module({
  controllers: [TokensController, WhoAmIController],
  providers: [
    Audit,
    ConfiguredTokens,
    Gate,
    Presence,
    RequestLimits,
    Revocations,
    TokenBook,
    WorkerGrace,
    WorkerTokens,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [Audit, Gate, Presence, Revocations, WorkerTokens],
})
export class AccessModule {}
