/** Whether a row holds what it must: one bad row must cost its own job, never the start of the orchestrator. */
import { defaultJobPolicy, failure, LongshoreError, messageOf, type Failure, type Job } from '@longshore/core';

type JobBody = Omit<Job, 'counts'>;

/** Reads a row with `parse`, and names it where it is damaged. @throws LongshoreError `state-damaged` */
export function readRow<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (thrown) {
    throw new LongshoreError('state-damaged', `${what} cannot be read from the state file: ${messageOf(thrown)}.`, {
      remedy: 'It is left alone; what it held is in a backup ("longshore restore <backup>"), or submit the job again.',
      cause: thrown,
    });
  }
}

/** The rows that can be read; the others are told of. */
export function readableRows<R, T>(
  rows: readonly R[],
  read: (row: R) => T,
  onDamage: (row: R, error: LongshoreError) => void = () => undefined,
): T[] {
  return rows.flatMap((row) => {
    try {
      return [read(row)];
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError)) throw thrown;
      onDamage(row, thrown);
      return [];
    }
  });
}

/** @throws Error with what is missing */
export function jobBody(text: string, columns: { id: string; plugin: string; state: string }): JobBody {
  const body = object(JSON.parse(text), 'the job') as unknown as JobBody;
  const spec = object(body.spec, 'its spec') as unknown as JobBody['spec'];
  for (const place of [spec.input, spec.output]) {
    const { bucket, prefix } = object(place, 'a location');
    if (typeof bucket !== 'string' || typeof prefix !== 'string') throw new Error('a location is none');
  }
  const { maxAttempts, maxLosses } = object(spec.policy, 'its policy');
  object(spec.batching, 'its batching');
  object(spec.params, 'its parameters');
  numbers({ maxAttempts, maxLosses, listed: body.objectsListed, skipped: body.objectsSkipped, at: body.createdAt });
  if (!Array.isArray(spec.include) || !Array.isArray(spec.exclude)) throw new Error('its patterns are none');
  const agrees = body.id === columns.id && spec.plugin === columns.plugin && body.state === columns.state;
  if (!agrees) throw new Error('its columns contradict one another');
  return body;
}

/** What is shown in the place of a job that cannot be read. */
export function damagedJob(id: string, why: LongshoreError): JobBody {
  const nowhere = { bucket: 'file:///', prefix: '' };
  return {
    id,
    spec: {
      plugin: 'unknown',
      pluginVersion: 'unknown',
      params: {},
      input: nowhere,
      output: nowhere,
      include: [],
      exclude: [],
      batching: { maxObjects: 1 },
      policy: defaultJobPolicy,
    },
    state: 'failed',
    scan: 'done',
    objectsListed: 0,
    objectsSkipped: 0,
    failure: damage(why),
    createdAt: 0,
    endedAt: 0,
  };
}

export function damage(why: LongshoreError): Failure {
  return failure('state-damaged', why.sentence);
}

export function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new Error(`${what} is missing`);
}

export function numbers(values: Record<string, unknown>): void {
  for (const name in values) if (typeof values[name] !== 'number') throw new Error(`${name} is no number`);
}
