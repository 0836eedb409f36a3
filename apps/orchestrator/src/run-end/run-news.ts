/** The news of a run: that it has ended, and that its machine goes on although it should not. */
import { Injectable } from '@nestjs/common';
import {
  failureFacts,
  newsFacts,
  runFacts,
  type Failure,
  type News,
  type RunEnd,
  type RunReport,
  type ShutdownPolicy,
} from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

const next: Record<ShutdownPolicy, string> = {
  none: 'The orchestrator goes on serving.',
  exit: 'The orchestrator ends now, unless a new job comes.',
  stop: 'The machine of the orchestrator is stopped now, unless a new job comes.',
  terminate: 'The machine of the orchestrator is terminated now, unless a new job comes.',
};

@Injectable()
export class RunNews {
  constructor(private readonly config: OrchestratorConfig) {}

  ended(report: RunReport, { runs, since }: RunEnd): News {
    const run = runFacts(report, next[this.config.runEnd.shutdown]);
    return { id: `run-ended:${runs}:${since}`, event: 'run-ended', at: since, facts: newsFacts({ run }) };
  }

  /** The machine costs money, and nobody would see it. */
  notShutDown({ runs, since }: RunEnd, why: Failure, at: number): News {
    const facts = newsFacts({ failure: failureFacts(why) });
    return { id: `not-shut-down:${runs}:${since}`, event: 'not-shut-down', at, facts };
  }
}
