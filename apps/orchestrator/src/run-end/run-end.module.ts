/** The end of a run: the mail, and the shutdown. */
import { Module } from '@nestjs/common';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { MailTemplate } from './mail-template.js';
import { RunEnder } from './run-ender.js';
import { RunNews } from './run-news.js';
import { RunRecords } from './run-records.js';

@Module({
  imports: [JobsModule],
  providers: [
    RunEnder,
    RunNews,
    RunRecords,
    {
      provide: MailTemplate,
      useFactory: ({ mail }: OrchestratorConfig) => MailTemplate.read(mail.template),
      inject: [OrchestratorConfig],
    },
  ],
})
export class RunEndModule {}
