import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OutputLog } from '../../commands/output-log.js';
import { MarkedOutput } from './marked-output.js';

const mark = '0123456789abcdef01234567';

/** Also pieces of the mark, as a command would guess them. */
const outputs = fc
  .array(fc.constantFrom(mark.slice(0, 9), `${mark} `, `-${mark.slice(0, 23)}-`, '-\n', '\n', 'output', '\0'), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

function read(text: string, cuts: readonly number[]) {
  const log = new OutputLog();
  const output = new MarkedOutput(mark, log);
  const bytes = Buffer.from(text);
  const ends = [...[...cuts].sort((a, b) => a - b), bytes.length];
  ends.forEach((end, index) => output.write(bytes.subarray(ends[index - 1] ?? 0, end)));
  output.flush();
  return { output, text: log.text() };
}

describe(MarkedOutput.name, () => {
  const cuts = fc.array(fc.nat(200));

  it('is everything before the mark, wherever it is cut, and nothing behind it', () => {
    fc.assert(
      fc.property(outputs, outputs, cuts, (before, behind, where) => {
        const { output, text } = read(`${before}${mark}\n${behind}`, where);
        expect(text).toBe(before);
        expect(output).toMatchObject({ ended: true, refused: false });
      }),
    );
  });

  it('knows a command that could not be executed', () => {
    fc.assert(
      fc.property(outputs, cuts, (before, where) => {
        const { output, text } = read(`${before}${mark}-\n${mark}\n`, where);
        expect(text).toBe(before);
        expect(output).toMatchObject({ ended: true, refused: true });
      }),
    );
  });

  it('loses nothing when the mark never comes', () => {
    fc.assert(
      fc.property(outputs, cuts, (before, where) => {
        const { output, text } = read(before, where);
        expect(text).toBe(before);
        expect(output.ended).toBe(false);
      }),
    );
  });
});
