import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Asked } from '../../testing/index.js';
import { listAll, S3Bench } from '../testing/s3-bench.js';

let bench: S3Bench;

beforeAll(async () => {
  bench = await S3Bench.open();
});
afterEach(() => bench.faults.calm());
afterAll(() => bench[Symbol.asyncDispose]());

/** The SDK tells the number of the try in every request; what goes past it does not. */
const isOfSdk = ({ headers }: Asked) => headers['amz-sdk-request'] !== undefined;
const page = (contents: string, more = '<IsTruncated>false</IsTruncated>') =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${more}${contents}</ListBucketResult>`;
const plain = (key: string) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`;

async function keysIn(store = bench.store({}, { mostTries: 2 })): Promise<string[]> {
  return (await listAll(store, bench.at('in/'))).map(({ key }) => key);
}

describe('a page of a listing', () => {
  it('is asked for once, past the SDK, with all that has to be known of it', async () => {
    bench.faults.decide = () => ({ status: 200, body: page(plain('in/a') + plain('in/b+%26')) });
    expect(await keysIn()).toEqual(['in/a', 'in/b &']);
    const [asked] = bench.faults.seen;
    expect([bench.faults.seen.length, bench.faults.seen.filter(isOfSdk).length]).toEqual([1, 0]);
    const query = Object.fromEntries(new URL(asked!.path, 'http://bucket').searchParams);
    expect(query).toEqual({ 'list-type': '2', 'encoding-type': 'url', prefix: 'in/' });
    expect(asked!.headers['x-amz-optional-object-attributes']).toBe('RestoreStatus');
  });

  it('goes on where the store says, whatever characters it says it with', async () => {
    const token = 'a/b+c== &';
    const more = `<IsTruncated>true</IsTruncated><NextContinuationToken>${token.replace('&', '&amp;')}</NextContinuationToken>`;
    bench.faults.decide = ({ path }) => {
      const asked = new URL(path, 'http://bucket').searchParams.get('continuation-token');
      if (asked === null) return { status: 200, body: page(plain('in/a'), more) };
      return { status: 200, body: page(plain(asked === token ? 'in/b' : 'in/lost')) };
    };
    expect(await keysIn()).toEqual(['in/a', 'in/b']);
  });

  it('is asked for again and read by the SDK where it looks like none that all stores send', async () => {
    bench.faults.decide = () => ({ status: 200, body: page(plain('<![CDATA[in/a]]>')) });
    expect(await keysIn()).toEqual(['in/a']);
    expect(bench.faults.seen.map(isOfSdk)).toEqual([false, true]);
  });

  it.each([
    ['is cut off', page(plain('in/a')).slice(0, -30)],
    ['ends in an error', '<Error><Code>InternalError</Code></Error>'],
  ])('F14: is none of a listing where it %s', async (_, body) => {
    bench.faults.decide = () => ({ status: 200, body });
    await expect(keysIn()).rejects.toMatchObject({ code: 'storage-failed' });
  });

  it('may hold nothing', async () => {
    bench.faults.decide = () => ({ status: 200, body: page('') });
    expect(await keysIn()).toEqual([]);
    expect(bench.faults.seen).toHaveLength(1);
  });
});
