/** Acknowledgement, processing and lease timeouts. */
import { Module } from '@nestjs/common';
import { LeasesModule } from '../leases/leases.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { Rescuer } from './rescuer.js';

@Module({ imports: [LeasesModule, RegistryModule], providers: [Rescuer] })
export class TimeoutsModule {}
