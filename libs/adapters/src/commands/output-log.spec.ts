import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HEAD_BYTES, OutputLog, TAIL_BYTES } from './output-log.js';

/** Whole numbers of characters, so that an expectation in text needs no care at the cut. */
const letters = fc.array(
  fc.string({ unit: fc.constantFrom(...'abcdefgh\n'), maxLength: 40 }).map((text) => Buffer.from(text)),
  { maxLength: 60 },
);

function logOf(chunks: readonly Uint8Array[], head: number, tail: number): string {
  const log = new OutputLog(head, tail);
  for (const chunk of chunks) log.write(chunk);
  return log.text();
}

describe('OutputLog', () => {
  it('keeps everything that fits, and else the first and the last bytes with the number between them', () => {
    fc.assert(
      fc.property(letters, fc.nat(60), fc.integer({ min: 1, max: 60 }), (chunks, head, tail) => {
        const whole = Buffer.concat(chunks).toString();
        const omitted = whole.length - head - tail;
        const expected =
          omitted <= 0
            ? whole
            : `${whole.slice(0, head)}\n[... ${omitted} bytes left out ...]\n${whole.slice(whole.length - tail)}`;
        expect(logOf(chunks, head, tail)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on where the output is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(300)), (bytes, cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(logOf(chunks, 50, 50)).toBe(logOf([bytes], 50, 50));
      }),
    );
  });

  it('joins a character that came in two chunks and replaces what is none', () => {
    expect(logOf([Buffer.from([0xc3]), Buffer.from([0xbc, 0xff])], 10, 10)).toBe('ü\ufffd');
  });

  it('is not fooled by a chunk that is reused', () => {
    const log = new OutputLog(4, 4);
    const chunk = Buffer.from('abcdef');
    log.write(chunk);
    chunk.fill('x');
    expect(log.text()).toBe('abcdef');
  });

  it('holds a gigabyte in 128 KiB', () => {
    const log = new OutputLog();
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    for (let count = 0; count < 1024; count += 1) log.write(chunk);
    expect(log.text()).toHaveLength(HEAD_BYTES + TAIL_BYTES + '\n[... 1073610752 bytes left out ...]\n'.length);
  });
});
