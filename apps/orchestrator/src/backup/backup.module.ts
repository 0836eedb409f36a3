/** Copies of the state, made while it is in use. */
import { Module } from '@nestjs/common';
import { BackupController } from './backup.controller.js';

@Module({ controllers: [BackupController] })
export class BackupModule {}
