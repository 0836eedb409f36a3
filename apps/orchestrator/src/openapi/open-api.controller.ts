/** The description of the API, for programs and for people; it holds nothing of anybody's jobs, and is open to all. */
import { Controller, Get, Header } from '@nestjs/common';
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
  description(): OpenAPIObject {
    return this.api.document;
  }

  @Get('docs')
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', docsPolicy)
  @Describe({ summary: 'This description as a page to read', tag: 'operating', answer: { media: 'text/html' } })
  page(): string {
    return docsPage(this.api.document);
  }
}
