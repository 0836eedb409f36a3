import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { discoveryContract } from '@longshore/core/testing';
import { AwsProxy, MotoServer } from '../testing/index.js';
import { SsmDiscovery } from './ssm-discovery.js';

let moto: MotoServer;
let proxy: AwsProxy;
let parameters = 0;

beforeAll(async () => {
  moto = await MotoServer.start();
  proxy = await AwsProxy.before(moto.url);
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await moto[Symbol.asyncDispose]();
});

const refusal = (type: string, message: string) => ({
  status: 400,
  type: 'application/x-amz-json-1.1',
  body: JSON.stringify({ __type: type, message }),
});

/** On a machine with much to do, moto may take ten seconds for its first answer. */
const patientMs = 50_000;

function discovery(parameter: string, maxAttempts = 1, patienceMs = patientMs): SsmDiscovery {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new SsmDiscovery(parameter, { endpoint: proxy.url, credentials, maxAttempts }, patienceMs);
}

discoveryContract('a parameter of Systems Manager', async () => {
  const parameter = `/orchestrator-${(parameters += 1)}/url`;
  return {
    discovery: discovery(parameter),
    other: discovery(parameter),
    breakOnce: () => proxy.meddle(parameter, refusal('ThrottlingException', 'Rate exceeded')),
    denyOnce: () => proxy.meddle(parameter, refusal('AccessDeniedException', 'not authorized to perform it')),
    close: async () => undefined,
  };
});

describe('a parameter of Systems Manager', () => {
  it('G8: is read and written through a throttling that ends soon, without anybody noticing', async () => {
    const throttled = discovery('/throttled', 3);
    proxy.meddle('/throttled', refusal('ThrottlingException', 'Rate exceeded'), 2);
    await throttled.publish('http://10.0.0.1:8480');
    proxy.meddle('/throttled', refusal('ThrottlingException', 'Rate exceeded'), 2);
    expect(await throttled.find()).toBe('http://10.0.0.1:8480');
  });

  it('G8: is not waited for without end when nobody answers', async () => {
    const silent = discovery('/silent', 1, 100);
    proxy.meddle('/silent', 'silence', 2);
    await expect(silent.find()).rejects.toMatchObject({ code: 'discovery-failed' });
    await expect(silent.publish('http://10.0.0.1:8480')).rejects.toMatchObject({ code: 'discovery-failed' });
  });

  it('ends a call that is given up with the reason for that', async () => {
    proxy.meddle('/given-up', 'silence', 1);
    const reason = new Error('the process stops');
    const call = discovery('/given-up').find(AbortSignal.any([AbortSignal.abort(reason)]));
    await expect(call).rejects.toBe(reason);
  });

  it.each(['ExpiredTokenException', 'UnrecognizedClientException', 'InvalidSignatureException'])(
    'says that the credentials are at fault when it answers %s',
    async (type) => {
      proxy.meddle('/denied', refusal(type, 'The security token is no good'));
      const found = discovery('/denied').find();
      await expect(found).rejects.toMatchObject({
        code: 'access-denied',
        message: expect.stringContaining('/denied'),
        remedy: expect.stringContaining('ssm:GetParameter'),
      });
    },
  );

  it('is a string that is written over, so that anybody may read it', async () => {
    await discovery('/plain').publish('http://10.0.0.1:8480');
    const written = proxy.asked.findLast(({ headers }) => String(headers['x-amz-target']).endsWith('PutParameter'));
    expect(JSON.parse(String(written?.body))).toEqual({
      Name: '/plain',
      Value: 'http://10.0.0.1:8480',
      Type: 'String',
      Overwrite: true,
    });
  });
});
