/** Jobs: submission, the API that shows and steers them, and their end. */
import { Module } from '@nestjs/common';
import { Explainer } from '../explain/explainer.js';
import { LeasesModule } from '../leases/leases.module.js';
import { RequestsModule } from '../requests/requests.module.js';
import { SkippingModule } from '../skipping/skipping.module.js';
import { FailuresController } from '../tasks/failures.controller.js';
import { TasksController } from '../tasks/tasks.controller.js';
import { Canceller } from './canceller.js';
import { DeadLetterSearch } from './dead-letter-search.js';
import { Doorway } from './doorway.js';
import { Found } from './found.js';
import { JobFinisher } from './job-finisher.js';
import { JobReports } from './job-reports.js';
import { JobSubmission } from './job-submission.js';
import { JobsController } from './jobs.controller.js';
import { LateLeftovers } from './late-leftovers.js';
import { Leftovers } from './leftovers.js';
import { ManifestLines } from './manifest-lines.js';
import { Redriver } from './redriver.js';
import { ReportWriter } from './report-writer.js';
import { ReportsController } from './reports.controller.js';
import { Steering } from './steering.js';

@Module({
  imports: [LeasesModule, RequestsModule, SkippingModule],
  controllers: [JobsController, ReportsController, TasksController, FailuresController],
  providers: [
    Canceller,
    DeadLetterSearch,
    Doorway,
    Explainer,
    Found,
    JobFinisher,
    JobReports,
    JobSubmission,
    LateLeftovers,
    Leftovers,
    ManifestLines,
    Redriver,
    ReportWriter,
    Steering,
  ],
  exports: [Doorway, Found, JobSubmission],
})
export class JobsModule {}
