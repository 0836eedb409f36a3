import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linesOf } from './lines.js';

async function lines(chunks: readonly Uint8Array[]): Promise<string[]> {
  async function* arriving() {
    yield* chunks;
  }
  const found: string[] = [];
  for await (const line of linesOf(arriving())) found.push(line);
  return found;
}

describe('text that arrives in chunks', () => {
  it('comes line by line, wherever it is cut', async () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\n'));
    const same = async (texts: string[], sizes: number[]) => {
      const whole = Buffer.from(texts.join('\n'));
      const chunks: Buffer[] = [];
      for (let start = 0, index = 0; start < whole.length; index += 1) {
        const size = sizes[index % sizes.length]!;
        chunks.push(whole.subarray(start, start + size));
        start += size;
      }
      expect(await lines(chunks)).toEqual(texts);
    };
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    await fc.assert(fc.asyncProperty(fc.array(line), sizes, same));
  });

  it('is never held whole when it has no lines', async () => {
    const chunk = Buffer.alloc(4 * 1024 * 1024, 'x');
    const found = await lines([...Array.from({ length: 9 }, () => chunk), Buffer.from('y\nnext')]);
    expect(found[0]!.length).toBeLessThan(200);
    expect(found.at(-1)).toBe('next');
    expect(found).toHaveLength(2);
  });
});
