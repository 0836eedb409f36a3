/** Says that the process serves, whether its store answers and can be written, and what it still waits for; no names, to anyone. */
import { Controller, Get } from '@nestjs/common';
import { JobStore } from '@longshore/core';
import { Public } from '../access/allow.js';
import { Readiness } from './readiness.js';
import { Describe } from '../openapi/describe.js';

@Controller()
export class HealthController {
  constructor(
    private readonly store: JobStore,
    private readonly awaited: Readiness,
  ) {}

  /** It lives: nobody should end it. */
  @Get('healthz')
  @Public()
  @Describe({ summary: 'The process serves', tag: 'operating', answer: 'Health' })
  async health(): Promise<{ status: 'ok' }> {
    await this.store.listJobs({ limit: 1 });
    return { status: 'ok' };
  }

  /** It can do its work: what it is told now is recorded, its job is begun, and workers find it. */
  @Get('readyz')
  @Public()
  @Describe({
    summary: 'What it is told now is recorded',
    tag: 'operating',
    answer: 'Readiness',
    problems: ['storage-failed'],
  })
  async readiness(): Promise<{ status: 'ready' }> {
    await this.store.probe();
    this.awaited.check();
    return { status: 'ready' };
  }
}
