/** Turns: many requests of a worker in one. */
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { TurnReports } from './turn-reports.js';
import { TurnTaker } from './turn-taker.js';
import { TurnsController } from './turns.controller.js';

@Module({
  imports: [AccessModule, RegistryModule, LeasesModule],
  controllers: [TurnsController],
  providers: [TurnReports, TurnTaker],
})
export class TurnsModule {}
