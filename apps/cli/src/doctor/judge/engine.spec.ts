import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import { judgeEngine, judgeImage, judgeNoEngine, judgeNoImage } from './engine.js';

const facts = {
  version: '28.2.2',
  isRootless: false,
  storageDriver: 'overlay2',
  imageFolder: '/var/lib/docker',
  isHere: true,
  cpus: 4,
  memoryBytes: 1,
  platform: 'linux/amd64',
  unlimited: [],
};
const plenty = 100 * 1024 ** 3;
const ids = (more: object, free: number | undefined = plenty) =>
  judgeEngine({ ...facts, ...more }, free).map(({ id }) => id);

describe('what doctor thinks of an engine', () => {
  it('says version, storage and room of one that is well', () => {
    expect(judgeEngine(facts, plenty)).toMatchObject([
      { id: 'docker-ok', message: 'Docker 28.2.2, overlay2, 100 GiB free in /var/lib/docker.' },
    ]);
    expect(judgeEngine({ ...facts, isRootless: true }, undefined)[0]?.message).toBe(
      'Docker 28.2.2, rootless, overlay2.',
    );
  });

  it.each([
    ['is old', { version: '19.03.15' }, 'docker-old'],
    ['limits no memory', { unlimited: ['memory'] }, 'docker-unlimited'],
    ['copies whole images', { storageDriver: 'vfs' }, 'docker-slow-storage'],
  ])('warns of one that %s', (_, more, id) => {
    expect(ids(more)).toEqual(['docker-ok', id]);
  });

  it('warns of little room for images', () => {
    expect(ids({}, 1024 ** 3)).toEqual(['docker-ok', 'docker-disk-low']);
  });

  it.each([
    ['engine-unavailable', { code: 'ENOENT' }, 'docker-missing'],
    ['engine-unavailable', { code: 'ECONNREFUSED' }, 'docker-stopped'],
    ['engine-unavailable', { code: 'EACCES' }, 'docker-denied'],
    ['engine-unavailable', { code: 'EHOSTUNREACH' }, 'docker-stopped'],
    ['engine-unavailable', undefined, 'docker-silent'],
    ['engine-failed', { statusCode: 500 }, 'docker-failed'],
  ] as const)('tells by %s and %j that it is %s', (code, cause, id) => {
    expect(judgeNoEngine(new LongshoreError(code, 'x', { cause }))).toMatchObject({ id, state: 'failed' });
  });

  it('knows an address that is none', () => {
    const thrown = new LongshoreError('engine-unavailable', 'The address of the container engine cannot be used: x.');
    expect(judgeNoEngine(thrown).id).toBe('docker-address');
  });
});

describe('what doctor thinks of an image', () => {
  const digest = 'sha256:1';

  it.each([
    ['is here', { digest, sizeBytes: 2048, platforms: ['linux/amd64'] }, 'image-ok', /2\.0 KiB, sha256:1/],
    ['is in its registry', { digest, platforms: ['linux/arm64', 'linux/amd64'] }, 'image-pullable', /sha256:1/],
    ['is in its registry, for who knows what', { digest, platforms: [] }, 'image-pullable', /registry has it/],
    ['is in its registry for others', { digest, platforms: ['linux/arm64'] }, 'image-unsuitable', /linux\/arm64/],
    [
      'is here, made for others',
      { digest, sizeBytes: 1, platforms: ['linux/arm64'] },
      'image-emulated',
      /linux\/amd64/,
    ],
  ] as const)('one that %s', (_, standing, id, message) => {
    const found = judgeImage('x:1', { ...standing, platforms: [...standing.platforms] }, 'linux/amd64');
    expect(found).toMatchObject({ id, message: expect.stringMatching(message) });
  });

  it.each([
    ['image-not-found', 'image-missing'],
    ['access-denied', 'image-denied'],
    ['registry-unreachable', 'image-unreachable'],
    ['registry-busy', 'image-unreachable'],
    ['image-unsuitable', 'image-unsuitable'],
    ['image-pull-failed', 'image-missing'],
  ] as const)('one that cannot be had for %s is %s', (code, id) => {
    expect(judgeNoImage('x:1', new LongshoreError(code, 'Why.'))).toMatchObject({
      id,
      state: 'failed',
      message: 'Why.',
    });
  });

  it('is named in the remedy', () => {
    expect(judgeNoImage('x:1', new LongshoreError('image-not-found', 'Why.')).remedy).toContain('"docker pull x:1"');
  });
});
