import { describe, expect, it } from '@jest/globals';
import { logLines } from './log-printer.js';

describe('the lines of a log', () => {
  it.each([
    ['', []],
    ['one\n\ntwo\n', ['one', '', 'two']],
    ['no end', ['no end']],
    ['windows\r\nlines\r\n', ['windows', 'lines']],
    ['a tab\tstays', ['a tab\tstays']],
    ['10 %\r50 %\r100 %\n', ['100 %']],
    ['\u001b[31mred\u001b[0m and \u001b]0;a title\u0007plain', ['red and plain']],
    ['a bell \u0007 and \u202egnp.exe', ['a bell \\x07 and \\u202egnp.exe']],
  ])('%j are %j', (log, lines) => {
    expect(logLines(log)).toEqual(lines);
  });
});
