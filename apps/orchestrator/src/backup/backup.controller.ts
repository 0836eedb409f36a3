/** Gives a copy of the state to whoever may have everything. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Controller, Get, Optional, StreamableFile } from '@nestjs/common';
import { LongshoreError, StateCopier } from '@longshore/core';
import { Allow } from '../access/allow.js';
import { Describe } from '../openapi/describe.js';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

@Controller('api/v1/admin')
export class BackupController {
  constructor(
    /** Absent where the state is not one file. */
    @Optional() private readonly copier: StateCopier,
    private readonly config: OrchestratorConfig,
  ) {}

  /** The copy is made beside the state, where room for it must be, and is gone once it was sent. */
  @Get('backup')
  @Allow('admin')
  @Describe({
    summary: 'A copy of the state',
    tag: 'operating',
    answer: { media: 'application/vnd.sqlite3' },
    problems: ['invalid-request'],
  })
  async backup(): Promise<StreamableFile> {
    if (!this.copier) throw new LongshoreError('invalid-request', 'The state of this orchestrator is no file to copy.');
    const folder = await mkdtemp(join(dirname(this.config.statePath), 'backup-'));
    const remove = () => void rm(folder, { recursive: true, force: true });
    try {
      const path = join(folder, 'state.db');
      await this.copier.copyTo(path);
      const content = createReadStream(path).once('close', remove);
      return new StreamableFile(content, { type: 'application/vnd.sqlite3', length: (await stat(path)).size });
    } catch (thrown) {
      remove();
      throw thrown;
    }
  }
}
