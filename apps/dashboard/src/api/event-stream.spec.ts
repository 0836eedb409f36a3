import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventParser } from './event-stream.js';

const stream =
  ': alive\n\nid: b-1\nevent: job\ndata: {"a":\ndata: 1}\n\ndata:x\r\n\r\nid: b-2\n\nevent: task\rdata: y\r\r';
const events = [
  { type: 'job', data: '{"a":\n1}', id: 'b-1' },
  { type: 'message', data: 'x', id: 'b-1' },
  { type: 'task', data: 'y', id: 'b-2' },
];

describe('the event stream', () => {
  it('gives the same events wherever it is cut into pieces', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (places) => {
        const at = [0, ...places.toSorted((one, other) => one - other), stream.length];
        const parser = new EventParser();
        const found = at.slice(1).flatMap((end, index) => parser.push(stream.slice(at[index], end)));
        // The last line end may be half of one that is still to come.
        expect([...found, ...parser.push('\n')]).toEqual(events);
      }),
    );
  });
});
