/** Plans: what a job would do, and why. */
import { Module } from '@nestjs/common';
import { SkippingModule } from '../skipping/skipping.module.js';
import { PlanMaker } from './plan-maker.js';
import { PlansController } from './plans.controller.js';

@Module({ imports: [SkippingModule], controllers: [PlansController], providers: [PlanMaker] })
export class PlansModule {}
