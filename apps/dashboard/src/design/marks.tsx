/** States as chips, and shares as meters. */
import type { JobSummary } from '@longshore/core/protocol';
import { objectStates, totalOf } from '../words/progress.js';
import { percent, whole } from '../words/quantities.js';
import { tones, type AnyState } from '../words/states.js';

export function State({ of }: { of: AnyState }) {
  return <span className={`state ${tones[of]}`}>{of.replace('-', ' ')}</span>;
}

type Counted = Pick<JobSummary, 'objects'>;

/** The objects of a job by state, as one bar. */
export function Progress({ job, tall = false }: { job: Counted; tall?: boolean }) {
  const total = totalOf(job);
  const { completed, dead } = job.objects;
  const label = `${whole(completed)} of ${whole(total)} objects done, ${whole(dead)} dead`;
  return (
    <div className={tall ? 'meter tall' : 'meter'} role="img" aria-label={label}>
      {objectStates.map((state) =>
        job.objects[state] > 0 && state !== 'available' ? (
          <span key={state} className={`mark-${state}`} style={{ flexBasis: share(job.objects[state], total) }} />
        ) : undefined,
      )}
    </div>
  );
}

/** How much of something is used. */
export function Use({ part, of, label }: { part: number; of: number; label: string }) {
  return (
    <span className="meter thin" role="img" aria-label={`${label}: ${percent(part, of)}`}>
      <span className="mark-leased" style={{ flexBasis: share(part, of) }} />
    </span>
  );
}

function share(part: number, of: number): string {
  return of === 0 ? '0' : `${Math.min(100, (100 * part) / of)}%`;
}
