import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import { ManualClock } from '@longshore/core/testing';
import { findJoinToken, tokenBeside } from './join-token.js';

describe('the join token of a worker that was given none', () => {
  it.each([
    ['/orchestrator/url', '/orchestrator/join-token'],
    ['/lab/plate-7/address', '/lab/plate-7/join-token'],
    ['url', 'join-token'],
  ])('lies beside %s', (urlParameter, token) => expect(tokenBeside(urlParameter)).toBe(token));

  it('G8: is waited for through a throttling, which is said once', async () => {
    const [clock, said] = [new ManualClock(), [] as string[]];
    let refusals = 3;
    const read = async () => {
      if ((refusals -= 1) >= 0) throw new LongshoreError('discovery-failed', 'Rate exceeded.');
      return 'the-secret';
    };
    const found = findJoinToken(read, { clock, say: (line) => said.push(line) });
    for (let second = 0; second < 10; second += 1) await clock.advance(1_000);
    expect(await found).toBe('the-secret');
    expect(said).toEqual(['Rate exceeded.']);
  });

  it('is gone without where it may not be read, which is said', async () => {
    const said: string[] = [];
    const read = () => Promise.reject(new LongshoreError('access-denied', 'You may not.'));
    expect(await findJoinToken(read, { clock: new ManualClock(), say: (line) => said.push(line) })).toBeUndefined();
    expect(said).toEqual([expect.stringMatching(/^You may not\./)]);
  });
});
