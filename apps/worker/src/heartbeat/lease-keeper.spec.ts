import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import { ManualClock, MemoryObjectStore, SeededChance } from '@longshore/core/testing';
import { anAssignment } from '../testing/assignments.js';
import { ScriptedClient } from '../testing/scripted-client.js';
import { LeaseKeeper } from './lease-keeper.js';

const load = { cpu: 0.5, memory_bytes: 1, memory_total_bytes: 4 };

function world() {
  const objects = new MemoryObjectStore();
  objects.createBucket('images');
  const client = new ScriptedClient();
  const clock = new ManualClock();
  const drains: string[] = [];
  const keeper = new LeaseKeeper(
    { client, clock, chance: new SeededChance(), load: { read: () => load } },
    { workerId: 'w', heartbeatMs: 2_000 },
    () => undefined,
    () => drains.push('drain'),
  );
  keeper.start();
  const keep = (id: string) =>
    keeper.keep({ ...anAssignment(objects, {}, { assignment_id: id, lease_seconds: 10 }) }, clock.now());
  return { client, clock, drains, keeper, keep };
}

describe('keeping leases', () => {
  it('renews all of them in one request', async () => {
    const { client, clock, keeper, keep } = world();
    const [one, two] = [keep('a.1'), keep('b.1')];
    await clock.advance(60_000);
    expect(client.beats.length).toBe(30);
    expect(client.beats.at(-1)?.map((held) => held.assignment_id)).toEqual(['a.1', 'b.1']);
    expect(client.stats).toEqual(load);
    expect([one.lost.aborted, two.lost.aborted]).toEqual([false, false]);
    await keeper.stop();
  });

  it('passes on that the orchestrator wants the worker to leave, and keeps what it has', async () => {
    const { client, clock, drains, keeper, keep } = world();
    const kept = keep('a.1');
    client.onHeartbeat = () => ({ orders: [], drain: true });
    await clock.advance(2_000);
    expect([drains.length, kept.lost.aborted]).toEqual([1, false]);
    await keeper.stop();
  });

  it('tells of its machine now and then while it holds nothing', async () => {
    const { client, clock, keeper, keep } = world();
    keep('a.1').release();
    await clock.advance(2_000);
    expect([client.beats, client.stats]).toEqual([[[]], load]);
    await clock.advance(58_000);
    expect(client.beats).toEqual([[], [], [], []]);
    await keeper.stop();
  });

  it('asks for a new token in time while it holds nothing', async () => {
    const { client, clock, keeper } = world();
    client.credentials.keep({ token: 'lsw_1', token_seconds: 0 });
    await clock.advance(4_000);
    expect(client.beats).toEqual([[], []]);
    await keeper.stop();
  });

  it('S3: gives up everything when its token is revoked', async () => {
    const { client, clock, keeper, keep } = world();
    const kept = keep('a.1');
    client.onHeartbeat = () => {
      throw new LongshoreError('token-revoked', 'no more');
    };
    await clock.advance(2_000);
    expect(kept.lost.aborted).toBe(true);
    await keeper.stop();
  });

  it('gives up one that the orchestrator cancels, and keeps the others', async () => {
    const { client, clock, keeper, keep } = world();
    const [one, two] = [keep('a.1'), keep('b.1')];
    client.onHeartbeat = () => ({ orders: [{ assignment_id: 'a.1', order: 'cancel' }] });
    await clock.advance(2_000);
    expect(one.lost.reason).toMatchObject({ code: 'stale-fence' });
    expect(two.lost.aborted).toBe(false);
    await keeper.stop();
  });

  it('gives up before the lease ends when it cannot renew', async () => {
    const { client, clock, keeper, keep } = world();
    const kept = keep('a.1');
    client.onHeartbeat = () => {
      throw new LongshoreError('orchestrator-unreachable', 'nobody there');
    };
    await clock.advance(8_499);
    expect(kept.lost.aborted).toBe(false);
    await clock.advance(1);
    expect(kept.lost.aborted).toBe(true);
    await keeper.stop();
  });

  it('counts from when the lease was last renewed, not from when it was told of it', async () => {
    const { client, clock, keeper } = world();
    client.onHeartbeat = () => new Promise(() => undefined);
    const objects = new MemoryObjectStore();
    await clock.advance(3_000);
    const kept = keeper.keep({ ...anAssignment(objects, {}, { lease_seconds: 10 }) }, clock.now() - 3_000);
    await clock.advance(5_500);
    expect(kept.lost.aborted).toBe(true);
  });

  it('loses what it still holds when the renewals end', async () => {
    const { keeper, keep } = world();
    const kept = keep('a.1');
    await keeper.stop();
    expect(kept.lost.reason).toMatchObject({ code: 'stale-fence' });
  });

  it('gives up in time although a renewal hangs', async () => {
    const { client, clock, keep } = world();
    const kept = keep('a.1');
    client.onHeartbeat = () => new Promise(() => undefined);
    await clock.advance(8_500);
    expect(client.beats.length).toBe(1);
    expect(kept.lost.aborted).toBe(true);
  });

  it('gives up everything when the orchestrator does not know this worker', async () => {
    const { client, clock, keeper, keep } = world();
    const kept = keep('a.1');
    client.onHeartbeat = () => {
      throw new LongshoreError('worker-unknown', 'who?');
    };
    await clock.advance(2_000);
    expect(kept.lost.aborted).toBe(true);
    await keeper.stop();
  });
});
