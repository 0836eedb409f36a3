import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OutputFrames } from './output-frames.js';

function frame(stream: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function payloadsOf(chunks: readonly Uint8Array[]): Buffer {
  const frames = new OutputFrames();
  return Buffer.concat(chunks.flatMap((chunk) => [...frames.payloads(chunk)]));
}

describe('OutputFrames', () => {
  const payloads = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 30 })), { maxLength: 20 });

  it('gives back what was framed, wherever the stream is cut', () => {
    fc.assert(
      fc.property(payloads, fc.array(fc.nat(500)), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(([stream, payload]) => frame(stream, payload)));
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(payloadsOf(chunks)).toEqual(Buffer.concat(sent.map(([, payload]) => payload)));
      }),
    );
  });

  it('takes any number of small frames in one chunk', () => {
    const small = frame(1, Buffer.from('x'));
    expect(payloadsOf([Buffer.concat(Array.from({ length: 100_000 }, () => small))])).toHaveLength(100_000);
  });
});
