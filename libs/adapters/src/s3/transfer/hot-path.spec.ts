import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { hostileNames } from '@longshore/core/testing';
import { s3Fault, type Asked } from '../../testing/index.js';
import { listAll, readAll, S3Bench } from '../testing/s3-bench.js';
import { isWellSigned } from '../testing/signature.js';
import { hotRequest } from './hot-requests.js';
import { Target } from './target.js';

let bench: S3Bench;

beforeAll(async () => {
  bench = await S3Bench.open();
});
afterEach(() => bench.faults.calm());
afterAll(() => bench[Symbol.asyncDispose]());

/** The SDK tells the number of the try in every request; what goes past it does not. */
const isHot = ({ headers }: Asked) => headers['amz-sdk-request'] === undefined;
const isListing = ({ path }: Asked) => path.includes('list-type=2');
const isWrite = ({ method, path }: Asked) => method === 'PUT' || path.includes('uploads') || method === 'POST';

async function stageAndPublish(name: string, content: string, storage = {}, store = bench.store()): Promise<void> {
  const location = bench.at('hot/', storage);
  await store.publish(location, await store.stage({ location, name, path: await bench.file(content) }));
}

describe('what is sent for every object, and for every page of them', () => {
  it('goes past the SDK, well signed, whatever its key', async () => {
    const storage = { metadata: { plate: '7  of   9' }, tags: { project: 'p 7' }, requesterPays: true };
    for (const name of hostileNames) await stageAndPublish(name, `content of ${name}`, storage);
    const written = bench.faults.seen.filter(isWrite);
    expect(written).toHaveLength(3 * hostileNames.length);
    const store = bench.store();
    const location = bench.at('hot/', storage);
    for (const object of await listAll(store, location)) await readAll(store, location, object);
    const hot = bench.faults.seen.filter(isHot);
    expect(hot.filter(isListing)).toHaveLength(1);
    expect(hot.filter((asked) => !isListing(asked))).toHaveLength(4 * hostileNames.length);
    expect(hot.filter((asked) => !isWellSigned(asked, 'test')).map(({ path }) => path)).toEqual([]);
  });

  it('is well signed with the token of credentials that end, and says who asks', async () => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'other', sessionToken: 'session' };
    await stageAndPublish('with-token', 'x', {}, bench.store({ credentials }));
    const hot = bench.faults.seen.filter(isHot);
    expect(hot).toHaveLength(3);
    for (const asked of hot) {
      expect(isWellSigned(asked, 'other')).toBe(true);
      expect(asked.headers['x-amz-security-token']).toBe('session');
      expect(asked.headers.authorization).toContain('x-amz-security-token');
      expect(asked.headers['user-agent']).toContain('aws-sdk-js/');
    }
  });

  it('is left to the SDK where somebody brought a way to send of his own', async () => {
    const { requestHandler } = bench.client.config;
    await stageAndPublish('by-the-sdk', 'x', {}, bench.store({ requestHandler }));
    expect(await bench.text('hot/by-the-sdk')).toBe('x');
    expect(bench.faults.seen.filter(isHot)).toEqual([]);
  });

  it('is sent again with the time that the store has, where the clock of the machine is wrong', async () => {
    const ahead = 20 * 60_000;
    const isLate = ({ headers }: Asked) => {
      const told = String(headers['x-amz-date']).replace(/^(....)(..)(..)T(..)(..)/, '$1-$2-$3T$4:$5:');
      return Math.abs(Date.parse(told) - (Date.now() + ahead)) > 15 * 60_000;
    };
    bench.faults.decide = (asked) =>
      isLate(asked)
        ? { ...s3Fault(403, 'RequestTimeTooSkewed'), headers: { date: new Date(Date.now() + ahead).toUTCString() } }
        : undefined;
    await stageAndPublish('late', 'x');
    const [first, second] = bench.faults.seen;
    expect([isLate(first!), isLate(second!)]).toEqual([true, false]);
    expect(isWellSigned(second!, 'test')).toBe(true);
  });

  it('tells what the store answered, in the words of the SDK', async () => {
    bench.faults.decide = ({ method }) =>
      method === 'GET'
        ? {
            status: 403,
            body: '<Error><Code>AccessDenied</Code><Message>It&apos;s &lt;no&gt; &#38; never</Message><RequestId>r1</RequestId><HostId>h1</HostId></Error>',
          }
        : undefined;
    const reading = readAll(bench.store(), bench.at(''), { key: 'a', sizeBytes: 1, etag: '"e"' });
    await expect(reading).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringContaining("AccessDenied, It's <no> & never") as unknown,
      cause: { $metadata: { httpStatusCode: 403, requestId: 'r1', extendedRequestId: 'h1', attempts: 1 } },
    });
  });
});

describe('where a bucket is reached', () => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const reached = async (Bucket: string, config: object = {}, Key = 'a b/ü') => {
    const client = new S3Client({ region: 'eu-west-1', credentials, ...config });
    const command = new GetObjectCommand({ Bucket, Key });
    const target = await Target.of(client, command);
    const signed = target && (await target.sign(hotRequest(command), Key));
    client.destroy();
    return (
      signed &&
      `${signed.origin}${signed.path} ${/\d{8}\/([^/]+\/[^/]+)/.exec(signed.headers.authorization ?? '')?.[1]}`
    );
  };

  it.each<[string, string, object, string | undefined]>([
    ['by its name', 'plates', {}, 'https://plates.s3.eu-west-1.amazonaws.com/a%20b/%C3%BC eu-west-1/s3'],
    [
      'as a path',
      'plates',
      { forcePathStyle: true },
      'https://s3.eu-west-1.amazonaws.com/plates/a%20b/%C3%BC eu-west-1/s3',
    ],
    [
      'by both kinds of addresses',
      'plates',
      { useDualstackEndpoint: true },
      'https://plates.s3.dualstack.eu-west-1.amazonaws.com/a%20b/%C3%BC eu-west-1/s3',
    ],
    [
      'where rules are strict',
      'plates',
      { useFipsEndpoint: true, region: 'us-east-1' },
      'https://plates.s3-fips.us-east-1.amazonaws.com/a%20b/%C3%BC us-east-1/s3',
    ],
    [
      'by an access point',
      'arn:aws:s3:eu-west-1:123456789012:accesspoint/reader',
      {},
      'https://reader-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/a%20b/%C3%BC eu-west-1/s3',
    ],
    [
      'at a store that is not AWS',
      'plates',
      { endpoint: 'http://127.0.0.1:9000/below', forcePathStyle: true },
      'http://127.0.0.1:9000/below/plates/a%20b/%C3%BC eu-west-1/s3',
    ],
    ['by the SDK alone where it signs for a session', 'plates--euw1-az1--x-s3', {}, undefined],
    ['by the SDK alone where it signs for many regions', 'arn:aws:s3::123456789012:accesspoint:m.mrap', {}, undefined],
  ])('is known %s', async (_, bucket, config, expected) => {
    expect(await reached(bucket, config)).toBe(expected);
  });

  it('does not lose an attribute in silence that nobody has said how to send', () => {
    const command = new GetObjectCommand({ Bucket: 'b', Key: 'k', ResponseCacheControl: 'no' });
    expect(() => hotRequest(command)).toThrow(/ResponseCacheControl/);
  });
});
