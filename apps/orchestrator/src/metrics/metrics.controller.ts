/** What Prometheus asks for. */
import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Registry } from 'prom-client';
import { Allow } from '../access/allow.js';
import { Describe } from '../openapi/describe.js';
import { Metrics } from './metrics.js';
import { processMetrics } from './process-metrics.js';
import { StateGauges } from './state-gauges.js';

@Controller()
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly gauges: StateGauges,
  ) {}

  @Get('metrics')
  @Allow('read')
  @Describe({
    summary: 'Numbers for Prometheus',
    details: 'In the text format. Where tokens are needed, Prometheus shows one of the role read.',
    tag: 'operating',
    answer: { media: 'text/plain' },
  })
  async all(@Res() response: Response): Promise<void> {
    await this.gauges.refresh();
    const { registry } = this.metrics;
    const text = await Registry.merge([registry, processMetrics()]).metrics();
    response.set('content-type', registry.contentType).send(text);
  }
}
