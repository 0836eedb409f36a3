/** Says that the process serves and its store answers; nothing else, to anyone. */
import { Controller, Get } from '@nestjs/common';
import { JobStore } from '@longshore/core';
import { Public } from '../access/allow.js';

@Controller('healthz')
export class HealthController {
  constructor(private readonly store: JobStore) {}

  @Get()
  @Public()
  async health(): Promise<{ status: 'ok' }> {
    await this.store.listJobs({ limit: 1 });
    return { status: 'ok' };
  }
}
