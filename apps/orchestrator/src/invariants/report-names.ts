/** The names of the report files of a job: what its plugin would write if no object had a record. */
import { readParams, type Job, type JobPlugin } from '@longshore/core';

export async function reportNames(job: Job, plugin: JobPlugin | undefined): Promise<string[]> {
  if (!plugin?.summarize) return [];
  const names: string[] = [];
  const params = readParams(plugin, job.spec.params);
  for await (const file of plugin.summarize({ params, records: nothing })) names.push(file.name);
  return names;
}

async function* nothing(): AsyncGenerator<never> {}
