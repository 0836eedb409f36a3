import { describe, expect, it } from '@jest/globals';
import { LongshoreError, type ErrorCode } from '@longshore/core';
import { ManualClock, ScriptedContainerEngine } from '@longshore/core/testing';
import { pullImage } from './pull-image.js';

class ReluctantEngine extends ScriptedContainerEngine {
  asked = 0;
  constructor(
    private readonly code: ErrorCode,
    private readonly refusals: number,
  ) {
    super({ images: ['tool:1'], programs: {} });
  }
  override async ensureImage(image: string) {
    this.asked += 1;
    if (this.asked <= this.refusals) throw new LongshoreError(this.code, 'Not now.');
    return super.ensureImage(image);
  }
}

async function pull(engine: ReluctantEngine): Promise<unknown> {
  const clock = new ManualClock();
  const pulling = pullImage(engine, clock, 'tool:1', () => undefined).then(
    () => 'pulled',
    (thrown: LongshoreError) => thrown.code,
  );
  for (let turn = 0; turn < 10; turn += 1) await clock.advance(5_000);
  return pulling;
}

describe('pulling the image of a plugin', () => {
  it.each(['registry-busy', 'registry-unreachable', 'disk-full'] as const)(
    'E6: is tried again after %s, once for all tasks, and given up in the end',
    async (code) => {
      expect(await pull(new ReluctantEngine(code, 2))).toBe('pulled');
      expect(await pull(new ReluctantEngine(code, 3))).toBe(code);
    },
  );

  it.each(['image-not-found', 'access-denied', 'image-unsuitable'] as const)(
    'E6: is given up at once after %s, which no waiting mends',
    async (code) => {
      const engine = new ReluctantEngine(code, 1);
      expect(await pull(engine)).toBe(code);
      expect(engine.asked).toBe(1);
    },
  );
});
