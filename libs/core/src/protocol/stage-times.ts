/** How long a worker took over the stages of a task, as it says with its reports. */

export const workStages = ['fetch', 'run', 'stage', 'publish'] as const;
export type WorkStage = (typeof workStages)[number];

/** In milliseconds; a stage that was not come to is left out. */
export type StageTimes = Partial<Record<WorkStage, number>>;

const longestMs = 366 * 86_400_000;

/** From the details of a report. A worker that tells nothing, or nonsense, is no reason to refuse what it has done. */
export function readStageTimes(details: Record<string, unknown> | undefined): StageTimes {
  const told = details?.stage_ms;
  if (typeof told !== 'object' || told === null) return {};
  const times: StageTimes = {};
  for (const stage of workStages) {
    const ms: unknown = Object.hasOwn(told, stage) ? (told as Record<string, unknown>)[stage] : undefined;
    if (typeof ms === 'number' && ms >= 0 && ms <= longestMs) times[stage] = ms;
  }
  return times;
}

/** How long it worked on a task until its result was reported, without what it waited for; undefined where the worker does not say. */
export function workedMs({ fetch, run, stage }: StageTimes): number | undefined {
  return run === undefined ? undefined : (fetch ?? 0) + run + (stage ?? 0);
}
