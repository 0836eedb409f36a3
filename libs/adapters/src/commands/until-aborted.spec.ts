import { describe, expect, it } from '@jest/globals';
import { untilAborted } from './until-aborted.js';

describe('untilAborted', () => {
  const stopped: string[] = [];
  const stop = async (): Promise<void> => void stopped.push('stopped');
  const reason = new Error('enough');

  it('gives the result when nobody aborts', async () => {
    expect(await untilAborted(undefined, async () => 1, stop)).toBe(1);
    expect(await untilAborted(new AbortController().signal, async () => 2, stop)).toBe(2);
    expect(stopped).toEqual([]);
  });

  it('throws what the work throws, and stops nothing', async () => {
    const failing = async (): Promise<never> => {
      throw new Error('broken');
    };
    await expect(untilAborted(new AbortController().signal, failing, stop)).rejects.toThrow('broken');
    expect(stopped).toEqual([]);
  });

  it('has stopped the work before it throws the reason', async () => {
    const abort = new AbortController();
    const work = Promise.withResolvers<void>();
    const ending = untilAborted(abort.signal, () => work.promise, stop);
    abort.abort(reason);
    await expect(ending).rejects.toBe(reason);
    expect(stopped.splice(0)).toEqual(['stopped']);
    work.reject(new Error('nobody listens'));
  });

  it('does not begin under an aborted signal, but stops', async () => {
    const begin = async (): Promise<never> => {
      throw new Error('began');
    };
    await expect(untilAborted(AbortSignal.abort(reason), begin, stop)).rejects.toBe(reason);
    expect(stopped.splice(0)).toEqual(['stopped']);
  });

  it('says so when stopping fails', async () => {
    const stuck = async (): Promise<never> => {
      throw new Error('cannot be stopped');
    };
    await expect(untilAborted(AbortSignal.abort(reason), async () => 1, stuck)).rejects.toThrow('cannot be stopped');
  });
});
