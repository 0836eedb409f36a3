/** Whether the caller of a request that waits is still there, and may still be. */
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Caller } from './caller.js';
import { Revocations } from './revocations.js';

export interface LongRequest {
  response: Response;
  caller: Caller | undefined;
  /** How long it may wait; nobody outlives one that does not. */
  waitSeconds: number;
}

const stays = new AbortController().signal;

@Injectable()
export class Presence {
  constructor(private readonly revocations: Revocations) {}

  /**
   * @param work told by its signal that the caller has hung up, or that their token was revoked
   * @throws LongshoreError when it was revoked before the work began
   */
  async during<T>(request: LongRequest, work: (gaveUp: AbortSignal) => Promise<T>): Promise<T> {
    const { response, caller, waitSeconds } = request;
    if (waitSeconds === 0) return work(stays);
    const gone = new AbortController();
    const leave = () => gone.abort();
    response.once('close', leave);
    const unwatch = await this.revocations.watch(caller, leave);
    try {
      return await work(gone.signal);
    } finally {
      unwatch();
      // Every answer ends with a close, and to abort costs more than to answer.
      response.off('close', leave);
    }
  }
}
