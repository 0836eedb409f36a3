import { describe, expect, it } from '@jest/globals';
import type { ChannelTestAnswer } from '@longshore/core/protocol';
import { toldEvents, triedOut } from './tried-out.js';

function said(...sent: boolean[]): string {
  const channels = sent.map((each): ChannelTestAnswer => ({ channel: 'log', wanted: true, sent: each }));
  return triedOut({ event: 'job-failed', channels });
}

describe('an example of news', () => {
  it('can be of what happens now, not of what an earlier version has left', () => {
    expect(toldEvents).toContain('job-failed');
    expect(toldEvents).not.toContain('earlier');
  });

  it('says how many channels took it, and how many did not', () => {
    expect(said(true, true)).toBe('2 channels took the example of job-failed.');
    expect(said(true, false)).toBe('1 channel took the example of job-failed, 1 channel did not.');
    expect(said(false, false)).toBe('0 channels took the example of job-failed, 2 channels did not.');
  });
});
