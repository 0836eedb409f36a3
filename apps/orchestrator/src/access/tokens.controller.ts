/** Tokens, for admins. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UsePipes } from '@nestjs/common';
import { Clock, LongshoreError } from '@longshore/core';
import {
  CreateTokenRequest,
  PageQuery,
  tokenMessage,
  type CreatedTokenAnswer,
  type PageAnswer,
  type RevokeAnswer,
  type TokenMessage,
} from '@longshore/core/protocol';
import { strictRequest } from '../http/request-validation.js';
import { Describe } from '../openapi/describe.js';
import { Allow } from './allow.js';
import { Audit } from './audit.js';
import { CurrentCaller, type Caller } from './caller.js';
import { TokenBook } from './token-book.js';

@Controller('api/v1/tokens')
@UsePipes(strictRequest)
export class TokensController {
  constructor(
    private readonly book: TokenBook,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** The only time that the secret is shown. */
  @Post()
  @Allow('admin')
  @HttpCode(201)
  @Describe({
    summary: 'Create a token; its secret is shown this once',
    tag: 'access',
    body: CreateTokenRequest,
    status: 201,
    answer: 'CreatedToken',
  })
  async create(@Body() request: CreateTokenRequest, @CurrentCaller() caller: Caller): Promise<CreatedTokenAnswer> {
    const { role, label, expires_seconds: seconds, uses, plugin } = request;
    if (role !== 'join' && (uses !== undefined || plugin !== undefined)) {
      throw new LongshoreError('invalid-request', 'Only a join token has uses and a plugin.');
    }
    const expiresInMs = seconds === undefined ? undefined : seconds * 1000;
    const { token, secret } = await this.book.create({ role, label, expiresInMs, maxUses: uses, plugin });
    this.audit.created(token, caller);
    return { ...tokenMessage(token, this.clock.now()), token: secret };
  }

  @Get()
  @Allow('admin')
  @Describe({ summary: 'List tokens, the newest first', tag: 'access', query: PageQuery, answer: { page: 'Token' } })
  async list(@Query() { limit = 100, after }: PageQuery): Promise<PageAnswer<TokenMessage>> {
    const page = await this.book.list({ limit, ...(after !== undefined && { after }) });
    const now = this.clock.now();
    return { ...page, items: page.items.map((token) => tokenMessage(token, now)) };
  }

  @Delete(':id')
  @Allow('admin')
  @Describe({
    summary: 'Revoke a token, and all that were handed out for it',
    tag: 'access',
    answer: 'Revoked',
    problems: ['token-not-found'],
  })
  async revoke(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<RevokeAnswer> {
    const ended = await this.book.revoke(id);
    this.audit.revoked(ended, caller);
    return { revoked: ended.map(({ id: endedId }) => endedId) };
  }
}
