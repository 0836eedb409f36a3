/** Leases: handing out, reports, publication of what dead workers left. */
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { RequestsModule } from '../requests/requests.module.js';
import { Assigner } from './assigner.js';
import { AttemptEndings } from './attempt-endings.js';
import { Evictor } from './evictor.js';
import { HeldLeaseFinder } from './held-lease-finder.js';
import { LeaseReports } from './lease-reports.js';
import { LegacyFit } from './legacy-fit.js';
import { LegacyReports } from './legacy-reports.js';
import { LeasesController } from './leases.controller.js';
import { OutsideController } from './outside.controller.js';
import { OutsideWork } from './outside-work.js';
import { Publisher } from './publisher.js';
import { Stragglers } from './stragglers.js';
import { TaskLog } from './task-log.js';
import { StatusReports } from './status-reports.js';
import { WaitingRoom } from './waiting-room.js';

@Module({
  imports: [AccessModule, RegistryModule, RequestsModule],
  controllers: [LeasesController, OutsideController],
  providers: [
    Assigner,
    AttemptEndings,
    Evictor,
    HeldLeaseFinder,
    LeaseReports,
    LegacyFit,
    LegacyReports,
    OutsideWork,
    Publisher,
    StatusReports,
    Stragglers,
    TaskLog,
    WaitingRoom,
  ],
  exports: [Assigner, AttemptEndings, LeaseReports, LegacyFit, Publisher, StatusReports, Stragglers, WaitingRoom],
})
export class LeasesModule {}
