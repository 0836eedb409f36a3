import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@longshore/core/testing';
import { Address } from '../client/address.js';
import { LastContact } from './last-contact.js';

function world(patienceMs: number | undefined) {
  const [clock, address] = [new ManualClock(), new Address('http://here')];
  const contact = new LastContact(address, clock, patienceMs);
  const leaving = new AbortController();
  const given: string[] = [];
  const watching = contact.watch((why) => given.push(why.sentence), leaving.signal);
  return { clock, address, leaving, given, watching };
}

describe('a worker that hears of no orchestrator', () => {
  it('gives up when the time is over, and says how long it waited', async () => {
    const { clock, given, watching } = world(60 * 60_000);
    await clock.advance(59 * 60_000);
    expect(given).toEqual([]);
    await clock.advance(60_000);
    await watching;
    expect(given).toEqual([expect.stringMatching(/^No orchestrator was heard of for 60 minutes/)]);
  });

  it('counts anew from each answer', async () => {
    const { clock, address, given } = world(60_000);
    for (let minute = 0; minute < 10; minute += 1) {
      await clock.advance(50_000);
      address.reached('http://here');
    }
    expect(given).toEqual([]);
    await clock.advance(60_000);
    expect(given).toHaveLength(1);
  });

  it('waits for ever where nobody says otherwise', async () => {
    const { clock, given } = world(undefined);
    await clock.advance(1_000 * 3_600_000);
    expect(given).toEqual([]);
  });

  it('does not give up once it has left', async () => {
    const { clock, leaving, given, watching } = world(60_000);
    leaving.abort();
    await watching;
    await clock.advance(120_000);
    expect(given).toEqual([]);
  });
});
