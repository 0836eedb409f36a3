/** The end of a run: the news, and the shutdown. */
import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { RunEnder } from './run-ender.js';
import { RunNews } from './run-news.js';
import { RunRecords } from './run-records.js';

@Module({
  imports: [JobsModule],
  providers: [RunEnder, RunNews, RunRecords],
})
export class RunEndModule {}
