/** The API, described. */
import { Module } from '@nestjs/common';
import { OpenApiController } from './open-api.controller.js';
import { OpenApi } from './open-api.js';

@Module({ controllers: [OpenApiController], providers: [OpenApi], exports: [OpenApi] })
export class OpenApiModule {}
