/** Jobs: submission, the API that shows them, and their end. */
import { Module } from '@nestjs/common';
import { JobFinisher } from './job-finisher.js';
import { JobSubmission } from './job-submission.js';
import { JobsController } from './jobs.controller.js';
import { Leftovers } from './leftovers.js';
import { ReportWriter } from './report-writer.js';

@Module({ controllers: [JobsController], providers: [JobFinisher, JobSubmission, Leftovers, ReportWriter] })
export class JobsModule {}
