import { describe, expect, it } from '@jest/globals';
import { surroundings } from './policy.js';

const aws = { partition: 'aws' };

describe('what a policy says beside the job', () => {
  it('is read from the environment of the processes', () => {
    const environment = {
      AWS_REGION: 'eu-west-1',
      CONFIG_BUCKET: 'main',
      CONFIG_KEY: '',
      LONGSHORE_URL_PARAMETER: '/orchestrator/url',
      SENDER_EMAIL: 'a@example.org',
      LONGSHORE_SHUTDOWN: 'stop',
    };
    expect(surroundings({ partition: 'aws', account: '123456789012' }, environment)).toEqual({
      account: { partition: 'aws', id: '123456789012', region: 'eu-west-1' },
      config: { bucket: 'main', key: 'configuration/config.json' },
      urlParameter: '/orchestrator/url',
      sender: 'a@example.org',
      shutdown: { orchestrator: 'stop', worker: 'stop' },
    });
  });

  it('is what the options say, where they say something', () => {
    const options = { ...aws, region: 'us-east-2', config: 's3://other/a/b.json', shutdown: 'none' as const };
    const environment = { AWS_REGION: 'eu-west-1', CONFIG_BUCKET: 'main', LONGSHORE_SHUTDOWN: 'terminate' };
    expect(surroundings(options, environment)).toEqual({
      account: { partition: 'aws', region: 'us-east-2' },
      config: { bucket: 'other', key: 'a/b.json' },
      urlParameter: '/orchestrator/url',
    });
  });

  it('names the parameter that an orchestrator with a configured job writes without being told', () => {
    expect(surroundings(aws, { CONFIG_BUCKET: 'main' }).urlParameter).toBe('/orchestrator/url');
    expect(surroundings({ ...aws, urlParameter: '/mine' }, { CONFIG_BUCKET: 'main' }).urlParameter).toBe('/mine');
  });

  it('is nothing where nobody says anything, and refused where it is wrong', () => {
    expect(surroundings(aws, {})).toEqual({ account: aws });
    expect(() => surroundings({ ...aws, account: '12' }, {})).toThrow(/twelve|account/);
    expect(() => surroundings({ ...aws, config: 'bucket/key' }, {})).toThrow(/names no object/);
  });
});
