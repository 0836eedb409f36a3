/** Batching: from the listing of a job to its tasks. */
import { Module } from '@nestjs/common';
import { SkippingModule } from '../skipping/skipping.module.js';
import { Planner } from './planner.js';

@Module({ imports: [SkippingModule], providers: [Planner] })
export class BatchingModule {}
