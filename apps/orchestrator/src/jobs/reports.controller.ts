/** Reports of jobs, listed and handed over as files. */
import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, StreamableFile, UsePipes } from '@nestjs/common';
import { PageQuery, type PageAnswer, type ReportAnswer } from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { boundedPage, pageOf } from '../http/bounded-page.js';
import { strictRequest } from '../http/request-validation.js';
import { Describe } from '../openapi/describe.js';
import { Found } from './found.js';
import { JobReports } from './job-reports.js';

const anyFile = 'application/octet-stream';

@Controller('api/v1/jobs/:id/reports')
@UsePipes(strictRequest)
export class ReportsController {
  constructor(
    private readonly found: Found,
    private readonly reports: JobReports,
  ) {}

  @Get()
  @Allow('read')
  @Describe({
    summary: 'The report files that the plugin wrote when the job ended',
    tag: 'jobs',
    query: PageQuery,
    answer: { page: 'Report' },
    problems: ['job-not-found'],
  })
  async list(@Param('id') id: string, @Query() query: PageQuery): Promise<PageAnswer<ReportAnswer>> {
    const job = await this.found.job(id);
    return boundedPage(query, pageOf(await this.reports.of(job.id)), (report) => report);
  }

  @Get(':name')
  @Allow('read')
  @Describe({
    summary: 'One report file, as it lies beside the outputs',
    details: 'A name that holds a slash is written with `%2F`. It is sent as it is read, always as a file to be saved.',
    tag: 'jobs',
    answer: { media: anyFile },
    problems: ['job-not-found', 'report-not-found', 'access-denied', 'storage-failed'],
  })
  async file(@Param('id') id: string, @Param('name') name: string): Promise<StreamableFile> {
    const { sizeBytes, bytes } = await this.reports.read(await this.found.job(id), name);
    // What is in it comes from a container: whatever it claims to be, no browser shall show it under this address.
    const disposition = `attachment; ${fileNames(name.slice(name.lastIndexOf('/') + 1))}`;
    return new StreamableFile(Readable.from(bytes, { objectMode: false }), {
      type: anyFile,
      length: sizeBytes,
      disposition,
    });
  }
}

/** For old programs and for new ones (RFC 6266). */
function fileNames(name: string): string {
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${name.replaceAll(/[^\w.-]/g, '_')}"; filename*=UTF-8''${encoded}`;
}
