import { describe, expect, it } from '@jest/globals';
import { pullError } from './pull-errors.js';

const refusal = (message: string): Error =>
  Object.assign(new Error(`(HTTP code 500) server error - ${message} `), { statusCode: 500, json: { message } });

describe('pullError', () => {
  // The texts are those of Docker 20.10 and 28, as received.
  it.each([
    ['manifest for tool:1 not found: manifest unknown: manifest unknown', 'image-not-found'],
    ["pull access denied for tool, repository does not exist or may require 'docker login': denied", 'image-not-found'],
    ['no matching manifest for linux/amd64 in the manifest list entries', 'image-unsuitable'],
    [
      'image with reference tool:1 was found but does not match the specified platform: wanted linux/amd64, actual: linux/arm64',
      'image-unsuitable',
    ],
    ['Get "https://ecr.aws/v2/tool/manifests/1": no basic auth credentials', 'access-denied'],
    ['Head "http://127.0.0.1:5000/v2/tool/manifests/1": unauthorized: unauthorized', 'access-denied'],
    ['denied: requested access to the resource is denied', 'access-denied'],
    [
      'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
      'registry-unreachable',
    ],
    [
      'Get "https://registry-1.docker.io/v2/": net/http: request canceled (Client.Timeout exceeded)',
      'registry-unreachable',
    ],
    ['toomanyrequests: You have reached your pull rate limit', 'registry-busy'],
    ['received unexpected HTTP status: 503 Service Unavailable', 'registry-busy'],
    ['write /var/lib/docker/tmp/GetImageBlob1: no space left on device', 'disk-full'],
    ['filesystem layer verification failed for digest sha256:abc', 'image-pull-failed'],
  ])('E6: reads "%s"', (text, code) => {
    const error = pullError(refusal(text), 'tool:1');
    expect(error).toMatchObject({ code, message: expect.stringContaining('tool:1') });
    expect(error.remedy).toBeTruthy();
  });

  it('does not blame the registry for an engine that is not there', () => {
    const away = Object.assign(new Error('connect ENOENT'), {
      code: 'ENOENT',
      syscall: 'connect',
      address: '/var/run/docker.sock',
    });
    expect(pullError(away, 'tool:1')).toMatchObject({ code: 'engine-unavailable' });
  });
});
