import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aManifest, aTask } from '../testing/builders.js';
import { readManifest } from './manifest-message.js';
import { isPlainManifest, isPlainTurn } from './plain-shapes.js';
import { TurnRequest } from './worker-turn.js';

const whole = {
  reports: [
    { status: 'published', assignment_id: 'task.1', fence: 1 },
    {
      status: 'completed',
      assignment_id: 'task.2',
      fence: 2,
      details: { manifest: aManifest(aTask()) },
      traceparent: 't',
    },
  ],
  assignments: [{ assignment_id: 'task.3', fence: 1 }],
  stats: { cpu: 1 },
  max: 4,
  wait: 20,
  request_id: 'one',
};

/** Puts something strange somewhere into a value: in the place of a part, or as a field nobody knows. */
function spoiled(value: unknown, way: readonly number[], strange: unknown): unknown {
  const [step = 0, ...rest] = way;
  if (typeof value !== 'object' || value === null || way.length === 0) return strange;
  const names = [...Object.keys(value), 'unheard-of'];
  const name = names[step % names.length]!;
  const copy: Record<string, unknown> = Array.isArray(value) ? (Object.assign([], value) as never) : { ...value };
  copy[name] = spoiled((value as Record<string, unknown>)[name], rest, strange);
  return copy;
}

const strange = fc.oneof(
  fc.anything({ maxDepth: 1 }),
  fc.constantFrom(
    -1,
    0,
    1.5,
    NaN,
    Infinity,
    61,
    2_000,
    '',
    'x'.repeat(101),
    'x'.repeat(9_000),
    null,
    undefined,
    [],
    {},
  ),
);
const way = fc.array(fc.nat(12), { minLength: 1, maxLength: 6 });

describe('a turn that is plainly right', () => {
  it('is known as such', () => {
    expect(isPlainTurn(whole)).toBe(true);
    expect(isPlainTurn({})).toBe(true);
    for (const nothing of [undefined, null, 5, 'text', []]) expect(isPlainTurn(nothing)).toBe(false);
  });

  it('is never one that the validators would refuse, or take something from', () => {
    const property = fc.property(way, strange, (path, odd) => {
      const turn = spoiled(whole, path, odd);
      if (!isPlainTurn(turn)) return;
      const message = plainToInstance(TurnRequest, turn);
      expect(validateSync(message, { whitelist: true })).toEqual([]);
      expect(JSON.parse(JSON.stringify(message))).toEqual(JSON.parse(JSON.stringify(turn)));
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});

describe('a manifest that is plainly right', () => {
  const manifest = aManifest(aTask());

  it('is taken as it is', () => {
    expect(isPlainManifest(manifest)).toBe(true);
    expect(readManifest({ manifest })).toBe(manifest);
  });

  it('is never one that the validators would refuse, or take something from', () => {
    const property = fc.property(way, strange, (path, odd) => {
      const told = spoiled(manifest, path, odd);
      if (!isPlainManifest(told)) return;
      // With a field that nobody knows it goes the long way, which leaves that out.
      const long = readManifest({ manifest: { ...told, unheard: 1 } });
      expect(JSON.parse(JSON.stringify(long))).toEqual(JSON.parse(JSON.stringify(told)));
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
