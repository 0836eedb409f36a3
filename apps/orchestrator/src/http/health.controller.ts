/** Says that the process serves and whether its store answers and can be written; nothing else, to anyone. */
import { Controller, Get } from '@nestjs/common';
import { JobStore } from '@longshore/core';
import { Public } from '../access/allow.js';

@Controller()
export class HealthController {
  constructor(private readonly store: JobStore) {}

  /** It lives: nobody should end it. */
  @Get('healthz')
  @Public()
  async health(): Promise<{ status: 'ok' }> {
    await this.store.listJobs({ limit: 1 });
    return { status: 'ok' };
  }

  /** It can do its work: what it is told now is recorded. */
  @Get('readyz')
  @Public()
  async readiness(): Promise<{ status: 'ready' }> {
    await this.store.probe();
    return { status: 'ready' };
  }
}
