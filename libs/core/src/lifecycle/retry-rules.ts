/** Which budget the end of an attempt spends: by its class, unless a rule of the job says otherwise. */
import { isErrorCode, type ErrorCode } from '../errors/codes.js';
import { LongshoreError } from '../errors/longshore-error.js';
import type { Failure } from '../words/failure.js';

export const retryActions = ['retry', 'fail'] as const;

/** One rule of a job. The first whose conditions all hold decides. */
export interface RetryRule {
  on: {
    /** Exit codes of the command. */
    exit?: number | readonly number[];
    /** Reasons, each an error code or a short name such as `oom`. */
    reason?: string | readonly string[];
  };
  /** `retry`: tried again as a loss, which costs no attempt. `fail`: tried no more; where several objects are at stake, only to find which one it is. */
  then: (typeof retryActions)[number];
}

/** Names people use for the reasons they meet most. */
export const reasonNames: Readonly<Record<string, ErrorCode>> = {
  oom: 'out-of-memory',
  timeout: 'timed-out',
  exit: 'command-failed',
  archived: 'input-archived',
};

/** The code a reason stands for; undefined for one that nobody knows. */
export function reasonCode(reason: string): ErrorCode | undefined {
  if (Object.hasOwn(reasonNames, reason)) return reasonNames[reason];
  return isErrorCode(reason) ? reason : undefined;
}

/**
 * The same, of what a person has written.
 *
 * @throws LongshoreError `invalid-request`
 */
export function readReason(reason: string): ErrorCode {
  const code = reasonCode(reason);
  if (code) return code;
  throw new LongshoreError('invalid-request', `"${reason}" is no reason that Longshore knows.`, {
    remedy: 'Name one that the dead letters show, such as command-failed.',
  });
}

/**
 * - `attempt`: it costs an attempt.
 * - `loss`: it costs a loss.
 * - `final`: no further try.
 * - `pause`: nothing is counted, and the job waits for a person.
 */
export type Judgement = 'attempt' | 'loss' | 'final' | 'pause';

export function judge(failed: Failure, rules: readonly RetryRule[] = []): Judgement {
  const rule = rules.find(({ on }) => matches(on, failed));
  if (rule) return rule.then === 'fail' ? 'final' : 'loss';
  switch (failed.class) {
    case 'job':
    case 'resource':
      return 'attempt';
    case 'config':
      return 'pause';
    case 'infra':
      return 'loss';
  }
}

function matches({ exit, reason }: RetryRule['on'], failed: Failure): boolean {
  if (exit === undefined && reason === undefined) return false;
  const rightExit = exit === undefined || (failed.exitCode !== undefined && listed(exit).includes(failed.exitCode));
  const rightReason = reason === undefined || listed(reason).some((name) => reasonCode(name) === failed.code);
  return rightExit && rightReason;
}

function listed<T>(one: T | readonly T[]): readonly T[] {
  return Array.isArray(one) ? (one as readonly T[]) : [one as T];
}
