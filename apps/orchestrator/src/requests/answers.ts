/** Answers a request that is repeated as it was answered the first time. */
import { Injectable } from '@nestjs/common';
import { Clock, isErrorCode, JobStore, LongshoreError, type Receipt, type StoredAnswer } from '@longshore/core';

/** Makes what has to be stored together with the effect of a request; nothing for a request without an id. */
export type Stamp = (answer: StoredAnswer) => Receipt | undefined;

/** For what nobody asked. */
export const unasked: Stamp = () => undefined;

export interface RepeatableRequest {
  /** Whoever asks; the ids of two callers are two things. */
  caller: string;
  id: string | undefined;
}

@Injectable()
export class Answers {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
  ) {}

  /** @param work changes something, and stores what `stamp` makes of the answer in the same transaction */
  async once<T>({ caller, id }: RepeatableRequest, work: (stamp: Stamp) => Promise<T>): Promise<T> {
    if (id === undefined) return work(unasked);
    const requestId = `${caller} ${id}`;
    const before = await this.store.findReceipt(requestId);
    if (before) return replay<T>(before);
    try {
      return await work((answer) => ({ requestId, at: this.clock.now(), answer }));
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError) || thrown.code !== 'request-repeated') throw thrown;
      const meanwhile = await this.store.findReceipt(requestId);
      if (!meanwhile) throw thrown;
      return replay<T>(meanwhile);
    }
  }
}

function replay<T>({ answer }: Receipt): T {
  if ('body' in answer) return answer.body as T;
  const { code, message, remedy } = answer.refusal;
  throw new LongshoreError(
    isErrorCode(code) ? code : 'internal-error',
    message,
    remedy === undefined ? {} : { remedy },
  );
}
