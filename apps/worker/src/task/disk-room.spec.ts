import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Slot } from '../slots/slot.js';
import { DiskRoom, type RoomLimits } from './disk-room.js';
import { Pipeline, type Passage, type Place } from './pipeline.js';

const never = new AbortController().signal;

describe('the room on the disk of the workspaces', () => {
  let free: number;
  let slots: Pipeline[];
  let room: DiskRoom;

  const open = (changes: Partial<RoomLimits> = {}) => {
    const limits = { folder: '/', keepFreeBytes: 10, aheadBytes: 50, slots: 2, outputBytes: 100, ...changes };
    room = new DiskRoom(limits, async () => free);
    slots = [0, 1].map((number) => new Pipeline({ number } as Slot, room));
  };

  /** Whether it has been let on so far. */
  const asks = async (work: Promise<void>) => {
    const state = { isIn: false };
    void work.then(() => (state.isIn = true));
    for (let turns = 0; turns < 20; turns += 1) await setImmediate();
    return state;
  };
  const settle = async () => {
    for (let turns = 0; turns < 20; turns += 1) await setImmediate();
  };
  const running = async (slot = 0): Promise<Passage> => {
    const passage = slots[slot]!.enter();
    passage.isFetched = true;
    await passage.moveTo('run');
    return passage;
  };

  beforeEach(() => open());

  it('is not given to what waits unless every slot may still write all it is allowed', async () => {
    await running();
    const next = slots[0]!.enter();
    free = 10 + 2 * 100 + 39;
    const waits = await asks(room.forInputs(next, 40, never));
    expect(waits.isIn).toBe(false);
    free += 1;
    room.changed.tell();
    await settle();
    expect(waits.isIn).toBe(true);
  });

  it('is not given beyond the limit for what is fetched ahead, over all slots', async () => {
    free = 10_000;
    await Promise.all([running(0), running(1)]);
    const [one, other] = slots.map((slot) => slot.enter());
    await room.forInputs(one!, 30, never);
    const waits = await asks(room.forInputs(other!, 21, never));
    expect(waits.isIn).toBe(false);
    one!.leave();
    await settle();
    expect(waits.isIn).toBe(true);
  });

  it('counts what is being fetched as if it were there', async () => {
    await Promise.all([running(0), running(1)]);
    const [one, other] = slots.map((slot) => slot.enter());
    free = 10 + 200 + 30;
    await room.forInputs(one!, 20, never);
    expect((await asks(room.forInputs(other!, 20, never))).isIn).toBe(false);
  });

  it('is asked for no more once its turn has come: then it is tried, as without any overlapping', async () => {
    const first = await running();
    const next = slots[0]!.enter();
    free = 0;
    const waits = await asks(room.forInputs(next, 40, never));
    first.leave();
    await settle();
    expect(waits.isIn).toBe(true);
  });

  it.each<Place>(['aside', 'stage', 'report'])(
    'is waited for while files of what has run are in the way (%s), and nothing is fetched ahead meanwhile',
    async (place) => {
      const first = await running();
      await first.moveTo(place);
      const elsewhere = await running(1);
      const behind = slots[1]!.enter();
      const next = slots[0]!.enter();
      free = 20;
      const turn = await asks(room.forInputs(next, 40, never));
      free = 10_000;
      const waits = await asks(room.forInputs(behind, 1, never));
      expect([turn.isIn, waits.isIn, elsewhere.place]).toEqual([false, false, 'run']);
      first.cleared();
      await settle();
      expect([turn.isIn, waits.isIn]).toEqual([true, true]);
    },
  );

  it('lets a command begin beside what is being staged only where all running ones may write all they are allowed', async () => {
    const first = await running();
    await first.moveTo('stage');
    const aside = await running();
    await aside.moveTo('aside');
    const second = await running();
    await running(1);
    free = 10 + 199;
    const waits = await asks(room.forOutputs(second, never));
    first.cleared();
    await settle();
    expect(waits.isIn).toBe(false);
    aside.cleared();
    await settle();
    expect(waits.isIn).toBe(true);
    expect((await asks(room.forOutputs(second, never))).isIn).toBe(true);
  });

  it('is waited for no longer than the task is wanted', async () => {
    await running();
    free = 0;
    const stop = new AbortController();
    const waiting = room.forInputs(slots[0]!.enter(), 40, stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('gives no place to a task that has left', async () => {
    const [first, second] = [await running(), slots[0]!.enter()];
    const moves = await asks(second.moveTo('run'));
    second.leave();
    first.leave();
    await settle();
    expect([moves.isIn, second.place, slots[0]!.isEmpty]).toEqual([true, undefined, true]);
  });

  it('has room for the next task of a slot when its place in the pipeline is free', async () => {
    expect(slots.map((slot) => slot.isOpen('ahead'))).toEqual([true, true]);
    const first = await running();
    expect([slots[0]!.isOpen('ahead'), slots[0]!.isOpen('after'), slots[0]!.isOpen('alone')]).toEqual([
      true,
      false,
      false,
    ]);
    await first.moveTo('stage');
    expect([slots[0]!.isOpen('ahead'), slots[0]!.isOpen('after'), slots[0]!.isOpen('alone')]).toEqual([
      true,
      true,
      false,
    ]);
    first.leave();
    expect(slots[0]!.isOpen('alone')).toBe(true);
  });
});
