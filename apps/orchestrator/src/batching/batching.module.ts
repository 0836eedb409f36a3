/** Batching: from the listing of a job to its tasks. */
import { Module } from '@nestjs/common';
import { Planner } from './planner.js';

@Module({ providers: [Planner] })
export class BatchingModule {}
