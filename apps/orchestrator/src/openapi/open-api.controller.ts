/** The description of the API, for programs and for people; it holds nothing of anybody's jobs, and is open to all. */
import { Controller, Get, Header } from '@nestjs/common';
import { jobSchema, type Schema } from '@longshore/core/json-schema';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Public } from '../access/allow.js';
import { Describe } from './describe.js';
import { docsPage, docsPolicy } from './docs-page.js';
import { OpenApi } from './open-api.js';

@Controller('api/v1')
export class OpenApiController {
  constructor(private readonly api: OpenApi) {}

  @Get('openapi.json')
  @Public()
  @Describe({ summary: 'This description: OpenAPI 3.1', tag: 'operating', answer: 'OpenApi' })
  description(): Promise<OpenAPIObject> {
    return this.api.document();
  }

  @Get('job-schema.json')
  @Public()
  @Describe({ summary: 'The JSON Schema of job files', tag: 'operating', answer: 'JobSchema' })
  jobSchema(): Schema {
    return jobSchema();
  }

  @Get('docs')
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', docsPolicy)
  @Describe({ summary: 'This description as a page to read', tag: 'operating', answer: { media: 'text/html' } })
  async page(): Promise<string> {
    return docsPage(await this.api.document());
  }
}
