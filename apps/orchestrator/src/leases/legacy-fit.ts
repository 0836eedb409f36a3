/** Which work a legacy worker may get, and why it does not get the rest. */
import { Injectable } from '@nestjs/common';
import {
  legacyObstacle,
  legacyTaskObstacle,
  LongshoreError,
  type Job,
  type LeaseFit,
  type Task,
  type Worker,
} from '@longshore/core';
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
    const named = plugin ?? this.config.plugin;
    if (named === undefined) return names.length === 1 ? names[0] : undefined;
    try {
      return this.plugins.get(named).name;
    } catch {
      return named;
    }
  }

  /** @throws LongshoreError `not-allowed` for one of the original system where such are not: it could never report what it has done */
  refuseUnlessAllowed({ legacy, plugin, protocol }: Worker): void {
    if (legacy || plugin !== undefined || protocol !== undefined) return;
    throw new LongshoreError(
      'not-allowed',
      'A worker that names no plugin and no protocol is one of the original system.',
      {
        remedy: 'Set LONGSHORE_ALLOW_LEGACY_WORKERS=true for the orchestrator to give such workers work.',
      },
    );
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
