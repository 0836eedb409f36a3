/** Whether it need not be noted that a worker was heard of: of one that sends many requests a second, each would cost a commit and tell nothing. */
import type { Worker } from '@longshore/core';

const noteEveryMs = 1_000;

/** Never of one that was heard of later than now: then it is the clock that has gone back. */
export function isHeardLately({ lastSeenAt }: Worker, now: number): boolean {
  return now >= lastSeenAt && now - lastSeenAt < noteEveryMs;
}
