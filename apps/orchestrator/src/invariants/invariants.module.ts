/** The invariants: what must hold for every job at every moment, looked at on demand. */
import { Module } from '@nestjs/common';
import { InvariantChecker } from './invariant-checker.js';
import { InvariantsController } from './invariants.controller.js';

@Module({ controllers: [InvariantsController], providers: [InvariantChecker] })
export class InvariantsModule {}
