/** Which work a legacy worker may get, and why it does not get the rest. */
import { Injectable } from '@nestjs/common';
import { legacyObstacle, legacyTaskObstacle, type Job, type LeaseFit, type Task, type Worker } from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';

@Injectable()
export class LegacyFit {
  constructor(
    private readonly plugins: PluginCatalog,
    private readonly config: OrchestratorConfig,
  ) {}

  /** What a legacy worker runs: the plugin it names, which few do, or the configured one, or the only one there is. */
  pluginOf({ plugin }: Pick<Worker, 'plugin'>): string | undefined {
    const { names } = this.plugins;
    return plugin ?? this.config.plugin ?? (names.length === 1 ? names[0] : undefined);
  }

  fitOf(worker: Worker): LeaseFit {
    return {
      job: (job) => this.jobObstacle(job, worker) === undefined,
      task: (task, job) => this.taskObstacle(task, job) === undefined,
    };
  }

  jobObstacle(job: Job, worker: Pick<Worker, 'plugin'>): string | undefined {
    const { plugin } = job.spec;
    const theirs = this.pluginOf(worker);
    if (theirs === undefined) return 'LONGSHORE_PLUGIN does not say which of the plugins they run';
    if (theirs !== plugin) return `they run the plugin ${theirs}`;
    return legacyObstacle(job, this.plugins.get(plugin));
  }

  /** @param job one that has no obstacle itself */
  taskObstacle(task: Task, job: Job): string | undefined {
    return legacyTaskObstacle(task, job, this.plugins.get(job.spec.plugin));
  }
}
