/** Leases: handing out, reports, publication of what dead workers left. */
import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { Assigner } from './assigner.js';
import { HeldLeaseFinder } from './held-lease-finder.js';
import { LeaseReports } from './lease-reports.js';
import { LeasesController } from './leases.controller.js';
import { Publisher } from './publisher.js';
import { StatusReports } from './status-reports.js';

@Module({
  imports: [RegistryModule],
  controllers: [LeasesController],
  providers: [Assigner, HeldLeaseFinder, LeaseReports, Publisher, StatusReports],
  exports: [LeaseReports, Publisher],
})
export class LeasesModule {}
