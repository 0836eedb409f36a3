import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import { withAdvice } from './advice.js';

describe('a run that cannot begin', () => {
  it('points to doctor where the machine is at fault, after what is to be done', () => {
    const thrown = new LongshoreError('engine-unavailable', 'No Docker.', { remedy: 'Start it.' });
    expect((withAdvice(thrown) as LongshoreError).sentence).toMatch(/^No Docker\. Start it\. .*"longshore doctor"/);
  });

  it('says nothing more of what was typed wrong, or of what is no error of ours', () => {
    const [typed, odd] = [new LongshoreError('plugin-unknown', 'x'), new Error('x')];
    expect([withAdvice(typed), withAdvice(odd)]).toEqual([typed, odd]);
  });
});
