import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LayerProgress, type PullMessage } from './layer-progress.js';

describe('LayerProgress', () => {
  it('adds up the layers', () => {
    const layers = new LayerProgress();
    const detail = (current: number, total: number) => ({ status: 'Downloading', progressDetail: { current, total } });
    expect(layers.update({ id: 'a', ...detail(10, 100) })).toEqual({ currentBytes: 10, totalBytes: 100 });
    expect(layers.update({ id: 'b', ...detail(5, 50) })).toEqual({ currentBytes: 15, totalBytes: 150 });
    expect(layers.update({ id: 'a', status: 'Download complete' })).toEqual({ currentBytes: 105, totalBytes: 150 });
  });

  it('says nothing where no bytes arrive', () => {
    const layers = new LayerProgress();
    expect(layers.update({ status: 'Pulling from nobody/has' })).toBeUndefined();
    expect(layers.update({ id: 'a', status: 'Extracting', progressDetail: { current: 1, total: 9 } })).toBeUndefined();
  });

  it('never goes back and never claims more than everything', () => {
    const messages: fc.Arbitrary<PullMessage> = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      status: fc.constantFrom('Downloading', 'Extracting', 'Download complete', 'Pull complete', 'Waiting'),
      progressDetail: fc.record({ current: fc.nat(), total: fc.nat() }, { requiredKeys: [] }),
    });
    fc.assert(
      fc.property(fc.array(messages), (received) => {
        const layers = new LayerProgress();
        let before = { currentBytes: 0, totalBytes: 0 };
        for (const message of received) {
          const now = layers.update(message) ?? before;
          expect(now.currentBytes).toBeGreaterThanOrEqual(before.currentBytes);
          expect(now.totalBytes).toBeGreaterThanOrEqual(before.totalBytes);
          expect(now.currentBytes).toBeLessThanOrEqual(now.totalBytes);
          before = now;
        }
      }),
    );
  });
});
