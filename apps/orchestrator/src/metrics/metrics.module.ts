/** What is measured, and who may read it. */
import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';
import { RequestMeter } from './request-meter.js';
import { StateGauges } from './state-gauges.js';
import { TaskMeter } from './task-meter.js';

@Module({
  imports: [EventsModule],
  controllers: [MetricsController],
  providers: [Metrics, RequestMeter, StateGauges, TaskMeter],
  exports: [RequestMeter],
})
export class MetricsModule {}
