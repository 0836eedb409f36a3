import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { LongshoreError, type ErrorCode } from '@longshore/core';
import { ManualClock, MemoryDiscovery, SeededChance } from '@longshore/core/testing';
import { Address } from '../client/address.js';
import { OrchestratorFinder } from './orchestrator-finder.js';

const never = new AbortController().signal;

function world(known?: string) {
  const [discovery, clock, address] = [new MemoryDiscovery(), new ManualClock(), new Address(known, true)];
  const lines: string[] = [];
  const probed: string[] = [];
  /** Why nobody of ours answers at an address. */
  const refusals = new Map<string, [ErrorCode, string]>();
  let reads = 0;
  const counted = Object.assign(Object.create(discovery) as MemoryDiscovery, {
    find: () => {
      reads += 1;
      return discovery.find();
    },
  });
  const finder = new OrchestratorFinder({
    discovery: counted,
    address,
    probe: async (url) => {
      probed.push(url);
      const refusal = refusals.get(url);
      if (refusal) throw new LongshoreError(...refusal);
    },
    clock,
    chance: new SeededChance(),
    say: (line) => lines.push(line),
  });
  const miss = async (times = 2) => {
    for (let time = 0; time < times; time += 1) address.missed(address.url ?? '');
    await setImmediate();
  };
  const advance = async (ms: number) => {
    await setImmediate();
    await clock.advance(ms);
  };
  return { discovery, advance, address, finder, lines, probed, refusals, miss, reads: () => reads };
}

describe('a worker that looks for its orchestrator', () => {
  it('B9 G8: waits for an address that is not there yet, says so once, and asks less and less often', async () => {
    const { discovery, advance, address, finder, lines, reads } = world();
    const found = finder.find(never);
    await advance(600_000);
    expect(lines).toEqual(['No orchestrator has left its address yet. Waiting for one.']);
    expect(reads()).toBeGreaterThan(15);
    expect(reads()).toBeLessThan(45);
    await discovery.publish('http://10.0.0.1:8480');
    await advance(45_000);
    await found;
    expect(address.url).toBe('http://10.0.0.1:8480');
    expect(lines.at(-1)).toBe('The orchestrator is at http://10.0.0.1:8480.');
  });

  it('B9: asks an address again that it has rejected, after some minutes', async () => {
    const { discovery, advance, address, finder, probed } = world();
    await discovery.publish('http://10.0.0.1:8480');
    await finder.find(never);
    finder.reject(new LongshoreError('wrong-cluster', 'It serves others.'));
    const found = finder.find(never);
    await advance(240_000);
    expect(probed).toHaveLength(1);
    await advance(120_000);
    await found;
    expect([address.url, probed.length]).toEqual(['http://10.0.0.1:8480', 2]);
  });

  it('B9: takes no address of a dead orchestrator, and the right one once it is left', async () => {
    const { discovery, advance, address, finder, refusals } = world();
    refusals.set('http://old', ['orchestrator-unreachable', 'No orchestrator answers at http://old.']);
    await discovery.publish('http://old');
    const found = finder.find(never);
    await advance(60_000);
    expect(address.url).toBeUndefined();
    await discovery.publish('http://new');
    await advance(60_000);
    await found;
    expect(address.url).toBe('http://new');
  });

  it('B9: takes no address of another cluster, says so once, and keeps looking', async () => {
    const { discovery, advance, address, finder, lines, refusals } = world();
    refusals.set('http://theirs', ['wrong-cluster', 'This is of the cluster "b", and you are of the cluster "a".']);
    await discovery.publish('http://theirs');
    const found = finder.find(never);
    await advance(300_000);
    expect(lines).toEqual(['This is of the cluster "b", and you are of the cluster "a".']);
    await discovery.publish('http://ours');
    await advance(60_000);
    await found;
    expect(address.url).toBe('http://ours');
  });

  it.each(['ftp://10.0.0.1', 'file:///etc/passwd', 'javascript:alert(1)', '10.0.0.1:8480', 'nonsense'])(
    'B9: asks nobody at %s, which is no http address',
    async (url) => {
      const { discovery, advance, address, finder, lines, probed } = world();
      await discovery.publish(url);
      const leaving = new AbortController();
      const found = finder.find(leaving.signal);
      await advance(60_000);
      expect([address.url, probed, lines]).toEqual([undefined, [], [expect.stringContaining('no http address')]]);
      leaving.abort(new Error('enough'));
      await expect(found).rejects.toThrow('enough');
    },
  );

  it('G8: waits while the parameter is throttled, and ends where it is denied', async () => {
    const { discovery, advance, finder, lines } = world();
    discovery.refuseNext(4);
    const found = finder.find(never);
    await advance(120_000);
    expect(lines).toEqual([
      'The place where the address is left cannot be reached.',
      'No orchestrator has left its address yet. Waiting for one.',
    ]);
    discovery.find = async () => {
      throw new LongshoreError('access-denied', 'It may not be read.');
    };
    const refused = expect(found).rejects.toMatchObject({ code: 'access-denied' });
    await advance(60_000);
    await refused;
  });
});

describe('a worker whose orchestrator does not answer any more', () => {
  it('B9: looks where it is now, and tells everybody who speaks to it', async () => {
    const { discovery, address, miss, reads } = world('http://old');
    const moved: string[] = [];
    address.watch({ moved: (url) => moved.push(url) });
    await discovery.publish('http://new');
    await miss(1);
    expect(reads()).toBe(0);
    await miss(1);
    expect([address.url, moved]).toEqual(['http://new', ['http://new']]);
  });

  it('B9: stays where it was while nothing better is left, and asks less and less often', async () => {
    const { discovery, advance, address, lines, miss, reads, refusals } = world('http://old');
    refusals.set('http://theirs', ['wrong-cluster', 'This is somebody else']);
    for (let second = 0; second < 300; second += 1) {
      if (second === 100) await discovery.publish('http://theirs');
      if (second === 200) discovery.refuseNext(1_000);
      await miss();
      await advance(1_000);
    }
    expect(address.url).toBe('http://old');
    expect(reads()).toBeLessThan(30);
    expect(lines).toHaveLength(3);
  });

  it('B9: forgets its misses with the first answer', async () => {
    const { discovery, address, miss, reads } = world('http://old');
    await discovery.publish('http://new');
    await miss(1);
    address.reached('http://old');
    await miss(1);
    expect([reads(), address.url]).toEqual([0, 'http://old']);
  });

  it('does not listen to what is told of an address that it has left', async () => {
    const { discovery, address, miss, reads } = world('http://old');
    await discovery.publish('http://new');
    await miss();
    for (let times = 0; times < 10; times += 1) address.missed('http://old');
    expect([reads(), address.url]).toEqual([1, 'http://new']);
  });

  it('goes on when the parameter may not be read any more', async () => {
    const { discovery, address, lines, miss } = world('http://old');
    discovery.find = async () => {
      throw new LongshoreError('access-denied', 'It may not be read.');
    };
    await miss();
    await miss(0);
    expect([address.url, lines]).toEqual(['http://old', ['It may not be read.']]);
  });
});
