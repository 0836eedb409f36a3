import { describe, expect, it } from '@jest/globals';
import { judgeSettings } from './settings.js';

describe('what doctor thinks of the environment', () => {
  it('is content with what it knows, and looks at nothing else', () => {
    expect(judgeSettings({ PATH: '/bin', LONGSHORE_URL: 'x' })).toMatchObject([{ id: 'settings-ok' }]);
    expect(judgeSettings({ PATH: '/bin', LONGSHOREMAN: 'x' })).toMatchObject([{ id: 'settings-ok' }]);
  });

  it('names what was meant', () => {
    expect(judgeSettings({ LONGSHORE_SLTOS: '4', LONGSHORE_WORKDIR: '/w' })).toMatchObject([
      {
        id: 'settings-misspelt',
        message: expect.stringContaining('LONGSHORE_SLTOS'),
        remedy: 'Did you mean LONGSHORE_SLOTS?',
      },
      {
        id: 'settings-misspelt',
        message: expect.stringContaining('LONGSHORE_WORKDIR'),
        remedy: 'Did you mean LONGSHORE_WORK?',
      },
    ]);
  });

  it('finds names in small letters, and guesses nothing that is far off', () => {
    expect(judgeSettings({ longshore_url: 'x' })[0]?.remedy).toBe('Did you mean LONGSHORE_URL?');
    expect(judgeSettings({ LONGSHORE_COMPLETELY_DIFFERENT_THING_ALTOGETHER: 'x' })[0]?.remedy).toMatch(/^Unset it/);
  });
});
