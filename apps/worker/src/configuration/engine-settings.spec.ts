import { Settings } from '@longshore/adapters/settings';
import { describe, expect, it } from '@jest/globals';
import { engineSettings } from './engine-settings.js';

const read = (environment: Record<string, string>, uid = 1000) =>
  engineSettings(new Settings(environment), '/work', uid);

describe('the engine of a worker', () => {
  it('is Docker unless it is told otherwise', () => {
    expect(read({})).toEqual({ kind: 'docker' });
    expect(() => read({ LONGSHORE_ENGINE: 'podman' })).toThrow(/one of docker, process/);
  });

  it('may be the container it is in', () => {
    const given = {
      LONGSHORE_ENGINE: 'process',
      LONGSHORE_IMAGE_DIGEST: 'sha256:1',
      LONGSHORE_PASS_ENVIRONMENT: 'A,B',
    };
    expect(read(given)).toEqual({
      kind: 'process',
      folder: '/work/.commands',
      without: ['/work'],
      digest: 'sha256:1',
      passOn: ['A', 'B'],
    });
  });

  it('S11: is not that of root, whose commands would be root too', () => {
    expect(() => read({ LONGSHORE_ENGINE: 'process' }, 0)).toThrow(/is root/);
  });
});
