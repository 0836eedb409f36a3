import { describe, expect, it } from '@jest/globals';
import { Pace, type Turn } from './pace.js';
import { Quota } from './quota.js';

const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve));

describe('a quota', () => {
  it('lets in as much as there is room for, in the order of asking', async () => {
    const quota = new Quota(10);
    const order: string[] = [];
    const ask = async (name: string, amount: number) => {
      const giveBack = await quota.take(amount);
      order.push(name);
      return giveBack;
    };
    const first = await ask('first', 8);
    const [large, small] = [ask('large', 9), ask('small', 1)];
    await turnOfLoop();
    // The small one would fit, but a large one that is overtaken for ever never begins.
    expect(order).toEqual(['first']);
    first();
    (await large)();
    (await small)();
    expect(order).toEqual(['first', 'large', 'small']);
  });

  it('lets in alone what is larger than everything', async () => {
    const quota = new Quota(10);
    const giveBack = await quota.take(1_000);
    let isIn = false;
    const next = quota.take(1).then((done) => ((isIn = true), done));
    await turnOfLoop();
    expect(isIn).toBe(false);
    giveBack();
    (await next)();
  });

  it('forgets who does not wait any more', async () => {
    const quota = new Quota(1);
    const giveBack = await quota.take(1);
    const [gone, reason] = [new AbortController(), new Error('enough')];
    const waiting = quota.take(1, gone.signal);
    const next = quota.take(1);
    gone.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    giveBack();
    (await next)();
    await expect(quota.take(1, gone.signal)).rejects.toBe(reason);
  });
});

describe('the pace of a bucket', () => {
  const enter = async (pace: Pace, count: number): Promise<Turn[]> =>
    Promise.all(Array.from({ length: count }, () => pace.enter()));

  it('F13: is halved by a refusal, once for all requests that were under way together, and never to nothing', async () => {
    const pace = new Pace(8);
    const storm = await enter(pace, 8);
    for (const turn of storm) pace.slowedDown(turn);
    expect(pace.atOnce).toBe(4);
    for (const turn of storm) turn.leave();
    for (let times = 0; times < 10; times += 1) {
      const [turn] = await enter(pace, 1);
      pace.slowedDown(turn!);
      turn!.leave();
    }
    expect(pace.atOnce).toBe(1);
  });

  it('F13: lets no more requests go than it says, and more again when all goes well, up to the most', async () => {
    const pace = new Pace(8);
    const [first, ...others] = await enter(pace, 8);
    pace.slowedDown(first!);
    const late: Turn[] = [];
    const waiting = enter(pace, 4).then((turns) => late.push(...turns));
    for (const turn of others.slice(0, 3)) turn.leave();
    await turnOfLoop();
    // Five are under way still, and four may be.
    expect(late).toEqual([]);
    for (const turn of [first!, ...others.slice(3)]) turn.leave();
    await waiting;
    for (let times = 0; times < 5; times += 1) pace.succeeded();
    expect(pace.atOnce).toBe(5);
    for (let times = 0; times < 100; times += 1) pace.succeeded();
    expect(pace.atOnce).toBe(8);
  });

  it('gives a place back once, however often it is left', async () => {
    const pace = new Pace(1);
    const turn = await pace.enter();
    turn.leave();
    turn.leave();
    const next = await pace.enter();
    let isIn = false;
    const third = pace.enter().then((entered) => ((isIn = true), entered));
    await turnOfLoop();
    expect(isIn).toBe(false);
    next.leave();
    (await third).leave();
  });
});
