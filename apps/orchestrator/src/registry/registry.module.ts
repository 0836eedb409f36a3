/** The worker registry. */
import { Module } from '@nestjs/common';
import { RegistryController } from './registry.controller.js';
import { WorkerRegistry } from './worker-registry.js';

@Module({ controllers: [RegistryController], providers: [WorkerRegistry], exports: [WorkerRegistry] })
export class RegistryModule {}
