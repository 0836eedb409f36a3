/** Puts something strange somewhere into a value that is right, for specs. */
import fc from 'fast-check';

/** Puts something strange somewhere into a value: in the place of a part, or as a field nobody knows. */
export function spoiled(value: unknown, way: readonly number[], strange: unknown): unknown {
  const [step = 0, ...rest] = way;
  if (typeof value !== 'object' || value === null || way.length === 0) return strange;
  const names = [...Object.keys(value), 'unheard-of'];
  const name = names[step % names.length]!;
  const copy: Record<string, unknown> = Array.isArray(value) ? (Object.assign([], value) as never) : { ...value };
  copy[name] = spoiled((value as Record<string, unknown>)[name], rest, strange);
  return copy;
}

export const strange = fc.oneof(
  fc.anything({ maxDepth: 1, key: fc.string().filter((name) => !(name in {})) }),
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
export const way = fc.array(fc.nat(12), { minLength: 1, maxLength: 6 });
