/** Points whoever could not begin to what looks at everything that a beginning needs. */
import { LongshoreError } from '@longshore/core';

/** What lies with this machine, its engine, its image or its storage; what was typed wrong is told well enough. */
const ofTheMachine: readonly LongshoreError['code'][] = [
  'access-denied',
  'disk-full',
  'engine-failed',
  'engine-unavailable',
  'image-not-found',
  'image-pull-failed',
  'image-unsuitable',
  'location-not-found',
  'registry-busy',
  'registry-unreachable',
  'storage-failed',
];

export function withAdvice(thrown: unknown): unknown {
  if (!(thrown instanceof LongshoreError) || !ofTheMachine.includes(thrown.code)) return thrown;
  const remedy = [thrown.remedy, 'With the same job, "longshore doctor" looks at everything that a run needs.'];
  return new LongshoreError(thrown.code, thrown.message, {
    remedy: remedy.filter((part) => part !== undefined).join(' '),
    cause: thrown,
  });
}
