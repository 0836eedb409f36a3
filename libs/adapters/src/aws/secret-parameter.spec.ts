import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AwsProxy, MotoServer } from '../testing/index.js';
import { readSecretParameter } from './secret-parameter.js';

let moto: MotoServer;
let proxy: AwsProxy;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const refusal = (type: string) => ({
  status: 400,
  type: 'application/x-amz-json-1.1',
  body: JSON.stringify({ __type: type, message: 'no' }),
});

beforeAll(async () => {
  moto = await MotoServer.start();
  proxy = await AwsProxy.before(moto.url);
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await moto[Symbol.asyncDispose]();
});

const read = (name: string) => readSecretParameter(name, { endpoint: proxy.url, credentials, maxAttempts: 1 });

describe('a secret in a parameter of Systems Manager', () => {
  it('is decrypted', async () => {
    const client = new SSMClient({ endpoint: moto.url, region: 'us-east-1', credentials });
    const secret = { Name: '/orchestrator/join-token', Value: 'the-secret', Type: 'SecureString' } as const;
    await client.send(new PutParameterCommand(secret));
    client.destroy();
    expect(await read('/orchestrator/join-token')).toBe('the-secret');
  });

  it('is none where there is no such parameter', async () => {
    expect(await read('/elsewhere/join-token')).toBeUndefined();
  });

  it.each([
    ['AccessDeniedException', 'access-denied', /\/denied\/.* ssm:GetParameter/s],
    ['ThrottlingException', 'discovery-failed', /\/denied\//],
  ])('G8: says why it cannot be read: %s', async (type, code, sentence) => {
    proxy.meddle('/denied/', refusal(type));
    const failing = read('/denied/join-token');
    await expect(failing).rejects.toMatchObject({ code });
    await failing.catch((thrown: { sentence: string }) => expect(thrown.sentence).toMatch(sentence));
  });
});
