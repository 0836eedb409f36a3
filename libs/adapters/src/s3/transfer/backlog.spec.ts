import { describe, expect, it } from '@jest/globals';
import { Backlog } from './backlog.js';
import type { Flow } from './exchange.js';

const half = Buffer.alloc(2 ** 19);

class FakeFlow implements Flow {
  isPaused = false;
  readonly released: Buffer[] = [];

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  release(chunk: Buffer): void {
    this.released.push(chunk);
  }
}

describe('what nobody has taken yet', () => {
  it('holds up what comes once it is a megabyte, until all of it is taken', () => {
    const [backlog, flow] = [new Backlog(), new FakeFlow()];
    backlog.add(half, flow);
    expect(flow.isPaused).toBe(false);
    backlog.add(half, flow);
    expect(flow.isPaused).toBe(true);
    backlog.removeFirst();
    expect(flow.isPaused).toBe(true);
    backlog.removeFirst();
    expect(flow.isPaused).toBe(false);
    expect(backlog.first).toBeUndefined();
  });

  it('holds up also the next try of a request that broke off while it was held', () => {
    const [backlog, broken, next] = [new Backlog(), new FakeFlow(), new FakeFlow()];
    for (let times = 0; times < 2; times += 1) backlog.add(half, broken);
    backlog.add(half, next);
    expect(next.isPaused).toBe(true);
    while (backlog.first) backlog.removeFirst();
    expect(next.isPaused).toBe(false);
  });

  it('gives everything in the order in which it came', () => {
    const [backlog, flow] = [new Backlog(), new FakeFlow()];
    const chunks = ['one', 'two', 'three'].map((text) => Buffer.from(text));
    for (const chunk of chunks) backlog.add(chunk, flow);
    const taken: (Buffer | undefined)[] = [];
    for (; backlog.first; backlog.removeFirst()) taken.push(backlog.first);
    expect(taken).toEqual(chunks);
  });

  it('gives the memory of each back to the request that brought it', () => {
    const [backlog, broken, next] = [new Backlog(), new FakeFlow(), new FakeFlow()];
    backlog.add(Buffer.from('one'), broken);
    backlog.add(Buffer.from('two'), next);
    while (backlog.first) backlog.releaseFirst();
    expect([broken.released, next.released]).toEqual([[Buffer.from('one')], [Buffer.from('two')]]);
  });
});
