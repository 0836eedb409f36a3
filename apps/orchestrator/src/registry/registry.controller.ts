/** Where workers come in. */
import { Body, Controller, Get, HttpCode, Post, UsePipes } from '@nestjs/common';
import type { Worker } from '@longshore/core';
import { RegisterRequest, type RegisterAnswer } from '@longshore/core/protocol';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { lenientRequest } from '../http/request-validation.js';
import { Answers } from '../requests/answers.js';
import { WorkerRegistry } from './worker-registry.js';

@Controller()
export class RegistryController {
  constructor(
    private readonly registry: WorkerRegistry,
    private readonly config: OrchestratorConfig,
    private readonly answers: Answers,
  ) {}

  @Post('register')
  @HttpCode(200)
  @UsePipes(lenientRequest)
  async register(@Body() request: RegisterRequest): Promise<RegisterAnswer> {
    const worker = await this.answers.once({ caller: 'register', id: request.request_id }, (stamp) =>
      this.registry.register(request, stamp),
    );
    return {
      worker_id: worker.id,
      message: 'registered',
      heartbeat_seconds: this.config.heartbeatSeconds,
      lease_seconds: this.config.leaseSeconds,
    };
  }

  @Get('api/v1/workers')
  async workers(): Promise<{ items: Worker[] }> {
    return { items: await this.registry.list() };
  }
}
