/** What was done before: found again when a job is planned, recorded when it is over. */
import { Module } from '@nestjs/common';
import { ImageDigests } from './image-digests.js';
import { RecordWriter } from './record-writer.js';

@Module({ providers: [ImageDigests, RecordWriter], exports: [ImageDigests, RecordWriter] })
export class SkippingModule {}
