import { afterEach, describe, expect, it } from '@jest/globals';
import { createS3Client } from './s3-client.js';

const variables = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_REGION', 'AWS_CONFIG_FILE', 'AWS_PROFILE'];
const before = variables.map((name) => [name, process.env[name]] as const);

describe('the connection to S3', () => {
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  const given = (environment: Record<string, string>) => {
    for (const name of variables) delete process.env[name];
    Object.assign(process.env, { AWS_CONFIG_FILE: '/nowhere', ...environment });
  };

  it.each<[string, Record<string, string>, Parameters<typeof createS3Client>[0], boolean]>([
    ['AWS itself', {}, {}, false],
    ['an endpoint from the environment', { AWS_ENDPOINT_URL: 'http://store:9000' }, {}, true],
    ['an endpoint for S3 alone', { AWS_ENDPOINT_URL_S3: 'http://store:9000' }, {}, true],
    ['an empty variable', { AWS_ENDPOINT_URL: '' }, {}, false],
    ['a given endpoint', {}, { endpoint: 'http://store:9000' }, true],
    ['an endpoint that wants host names', {}, { endpoint: 'http://store:9000', forcePathStyle: false }, false],
  ])('with %s', (_, environment, settings, pathStyle) => {
    given(environment);
    expect(createS3Client(settings).config.forcePathStyle).toBe(pathStyle);
  });

  it('takes the region from where the SDK looks for it, and any where there is none', async () => {
    given({ AWS_REGION: 'eu-central-1' });
    expect(await createS3Client().config.region()).toBe('eu-central-1');
    expect(await createS3Client({ region: 'us-west-2' }).config.region()).toBe('us-west-2');
    given({});
    expect(await createS3Client().config.region()).toBe('us-east-1');
  });
});
