/** What a simulation takes for granted. Times are milliseconds of its own clock, which begins when the machines are started. */
import type { JobPolicy } from '@longshore/core';

export interface Assumptions {
  workers: number;
  /** Tasks each works on at the same time. */
  slots: number;
  /** Tasks that each slot has fetched ahead while another one runs. */
  ahead: number;
  /** From the order of a machine to its first request for work. */
  startUpMs: number;
  /** Bytes per second of one worker, in each direction; Infinity for transfers that cost nothing. */
  transferRate: number;
  /** Bytes of outputs for each byte of input. */
  outputShare: number;
  /** What a task costs beside its objects: the container, the requests. */
  taskOverheadMs: number;
  leaseMs: number;
  /** How many of a hundred workers are taken away in an hour, as a share. */
  lossPerHour: number;
  /** Those who are taken away are told so, and hand back what they hold. */
  notice: boolean;
  /** Another machine is ordered for one that was taken away. */
  replace: boolean;
  /** Share of the machines that are slow, and how many times as long they take. */
  slowShare: number;
  slowness: number;
  pricePerHour: number;
  policy: JobPolicy;
  /** The same seed gives the same run. */
  seed: number;
}

export const usual = {
  slots: 1,
  ahead: 1,
  startUpMs: 60_000,
  outputShare: 1,
  taskOverheadMs: 50,
  leaseMs: 60_000,
  slowness: 5,
  seed: 1,
} as const;
