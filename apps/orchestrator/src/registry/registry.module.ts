/** The worker registry. */
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { RequestsModule } from '../requests/requests.module.js';
import { RegistryController } from './registry.controller.js';
import { WorkerRegistry } from './worker-registry.js';
import { WorkersController } from './workers.controller.js';
import { WorkerView } from './worker-view.js';

@Module({
  imports: [AccessModule, RequestsModule],
  controllers: [RegistryController, WorkersController],
  providers: [WorkerRegistry, WorkerView],
  exports: [WorkerRegistry],
})
export class RegistryModule {}
