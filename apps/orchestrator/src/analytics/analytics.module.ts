/** Numbers about jobs. */
import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { AnalyticsController } from './analytics.controller.js';
import { JobNumbers } from './job-numbers.js';

@Module({ imports: [JobsModule], controllers: [AnalyticsController], providers: [JobNumbers] })
export class AnalyticsModule {}
