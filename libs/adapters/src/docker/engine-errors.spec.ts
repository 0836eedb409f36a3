import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import fc from 'fast-check';
import { duringCommand, engineError, isInitFailure, silentEngine, statusOf } from './engine-errors.js';

const subject = { image: 'tool:1', name: 'tool-slot-1', program: 'convert' };

/** As docker-modem makes them from an answer. */
function refusal(statusCode: number, message: string): Error {
  const error = new Error(`(HTTP code ${statusCode}) some words - ${message} `);
  return Object.assign(error, { statusCode, json: { message } });
}

/** As node:net makes them. */
function connectError(code: string, place: object = { address: '/var/run/docker.sock' }): Error {
  return Object.assign(new Error(`connect ${code}`), { code, syscall: 'connect', ...place });
}

describe('engineError', () => {
  // The texts are those of Docker 20.10 and 28, as received.
  it.each<[string, Error, string, string]>([
    ['no socket', connectError('ENOENT'), 'engine-unavailable', 'Start Docker'],
    ['nobody listening', connectError('ECONNREFUSED'), 'engine-unavailable', 'Start Docker'],
    ['a socket of others', connectError('EACCES'), 'engine-unavailable', 'docker group'],
    [
      'a name in use',
      refusal(
        409,
        'Conflict. The container name "/tool-slot-1" is already in use by container "8af9517b". You have to remove it.',
      ),
      'name-taken',
      'another name',
    ],
    ['an image that is not here', refusal(404, 'No such image: tool:1'), 'image-not-found', 'name and tag'],
    ['an unwritable image name', refusal(400, 'invalid reference format: must be lowercase'), 'image-not-found', 'tag'],
    [
      'a program that is not there',
      refusal(
        400,
        'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "convert": executable file not found in $PATH: unknown',
      ),
      'command-not-found',
      '',
    ],
    [
      'a missing init',
      refusal(
        400,
        'unable to start container process: error during container init: error mounting "/usr/bin/docker-init" to rootfs at "/sbin/docker-init": stat /usr/bin/docker-init: no such file or directory: unknown',
      ),
      'engine-failed',
      'tini',
    ],
    [
      'a missing init of another spelling',
      refusal(500, 'exec: "docker-init": executable file not found in $PATH'),
      'engine-failed',
      'tini',
    ],
    [
      'a folder that has gone between creating and starting',
      refusal(
        400,
        'OCI runtime create failed: unable to start container process: error during container init: error mounting "/w/in" to rootfs at "/job/inputs": stat /w/in: no such file or directory: unknown',
      ),
      'engine-failed',
      '',
    ],
    [
      'a folder that is not there',
      refusal(400, 'invalid mount config for type "bind": bind source path does not exist: /w/in'),
      'engine-failed',
      '',
    ],
    [
      'a limit it will not set',
      refusal(400, 'Minimum memory limit allowed is 6MB'),
      'invalid-configuration',
      'definition',
    ],
    ['a container that is gone', refusal(404, 'No such container: 8af9517b'), 'engine-failed', ''],
    ['an error of its own', refusal(500, 'driver failed to remove root filesystem'), 'engine-failed', ''],
    ['a broken line', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'engine-failed', ''],
  ])('knows %s', (_, thrown, code, remedy) => {
    const error = engineError(thrown, 'creating tool-slot-1', subject);
    expect(error).toMatchObject({ code, cause: thrown });
    expect(error.remedy ?? '').toContain(remedy);
    expect(error.message).not.toContain('HTTP code');
  });

  it('says where nobody answered', () => {
    expect(engineError(connectError('ENOENT'), 'listing').message).toContain('/var/run/docker.sock');
    const remote = connectError('ECONNREFUSED', { address: '10.0.0.1', port: 2375 });
    expect(engineError(remote, 'listing').message).toContain('10.0.0.1:2375');
  });

  it('leaves what is classified already', () => {
    const error = silentEngine('listing containers', 60_000);
    expect(engineError(error, 'something else')).toBe(error);
    expect(error).toMatchObject({ code: 'engine-unavailable', message: expect.stringContaining('60 s') });
  });

  it('makes one sentence of anything thrown', () => {
    const texts = fc.string({ unit: 'binary' });
    const anything = fc.oneof(
      texts,
      texts.map((text) => new Error(text)),
      fc.tuple(fc.integer({ min: 300, max: 599 }), texts).map(([status, text]) => refusal(status, text)),
      fc.constantFrom(undefined, null, 0, {}),
    );
    fc.assert(
      fc.property(anything, (thrown) => {
        const error = engineError(thrown, 'creating tool-slot-1', subject);
        expect(error).toBeInstanceOf(LongshoreError);
        expect(error.message).toMatch(/\.$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps the status for those who want to know', () => {
    expect(statusOf(engineError(refusal(404, 'No such container: x'), 'removing'))).toBe(404);
    expect(statusOf(engineError(connectError('ENOENT'), 'removing'))).toBeUndefined();
    expect(statusOf(new Error('another'))).toBeUndefined();
  });
});

describe('isInitFailure', () => {
  const words = '[FATAL tini (7)] exec convert failed: No such file or directory\n';

  it('knows the words of docker-init about this very program', () => {
    expect(isInitFailure(words, 'convert')).toBe(true);
    expect(isInitFailure('[FATAL tini (7)] exec a b failed: c failed: Permission denied\n', 'a b failed: c')).toBe(
      true,
    );
  });

  it('takes nothing else for them', () => {
    expect(isInitFailure(words, 'other')).toBe(false);
    expect(isInitFailure(`before\n${words}`, 'convert')).toBe(false);
    expect(isInitFailure(`${words}after`, 'convert')).toBe(false);
    expect(isInitFailure('sh: convert: not found\n', 'convert')).toBe(false);
  });
});

describe('duringCommand', () => {
  it('takes an engine that goes away under a command for a passing failure', () => {
    const away = engineError(connectError('ECONNREFUSED'), 'asking for an exit code');
    expect(duringCommand(away)).toMatchObject({ code: 'engine-failed', cause: away });
  });

  it('leaves everything else', () => {
    const error = engineError(refusal(500, 'x'), 'asking');
    expect(duringCommand(error)).toBe(error);
    expect(duringCommand('text')).toBe('text');
  });
});
