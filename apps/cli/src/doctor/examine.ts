/** Looks at everything at the same time, each thing within a time limit. */
import { LongshoreError, messageOf } from '@longshore/core';
import { finding, type Finding } from './finding.js';
import { TooLong, within } from './time-limit.js';

/** One thing to look at. What it throws is a fault of its own: what may go wrong is among its findings. */
export interface Check {
  /** As its findings name it. */
  name: string;
  look: (signal: AbortSignal) => Promise<Finding[]>;
}

/**
 * @param interrupt lets what is under way clean up, and ends it
 * @returns findings in the order of the checks, however long each took
 */
export async function examine(checks: readonly Check[], limitMs: number, interrupt?: AbortSignal): Promise<Finding[]> {
  const found = await Promise.all(checks.map((check) => lookAt(check, limitMs, interrupt)));
  return found.flat();
}

async function lookAt({ name, look }: Check, limitMs: number, interrupt?: AbortSignal): Promise<Finding[]> {
  try {
    return await within(limitMs, look, interrupt);
  } catch (thrown) {
    if (thrown instanceof TooLong) return [finding('no-answer', name, `No answer within ${limitMs / 1000} s.`)];
    if (thrown instanceof LongshoreError && thrown.code === 'invalid-configuration') {
      return [finding('settings-invalid', name, thrown.message)];
    }
    return [finding('check-broken', name, `It could not be looked at: ${messageOf(thrown)}.`)];
  }
}
