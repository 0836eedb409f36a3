/** The job that is begun by configuration alone. */
import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { DescriptionReader } from './description-reader.js';
import { JobStarter } from './job-starter.js';

@Module({ imports: [JobsModule], providers: [DescriptionReader, JobStarter] })
export class ConfiguredJobModule {}
