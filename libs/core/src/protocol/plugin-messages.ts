/** Plugins as people see them, with the schema of their parameters. */
import type { JobPlugin } from '../plugin/job-plugin.js';

export interface PluginAnswer {
  name: string;
  version: string;
  summary: string;
  container: {
    image: string;
    lifecycle: JobPlugin['container']['lifecycle'];
    network: JobPlugin['container']['network'];
    cpus: number;
    memory: string;
  };
  include: string[];
  exclude: string[];
  /** Longest time one command may run, unless a job says otherwise. */
  timeout_seconds: number;
  /** JSON Schema (draft 2020-12) of the parameters, defaults included. */
  params_schema: Record<string, unknown>;
}
