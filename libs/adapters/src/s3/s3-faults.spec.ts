import { writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SeededChance } from '@longshore/core/testing';
import { s3Fault, type Asked, type FaultAnswer } from '../testing/index.js';
import { listAll, readAll, S3Bench } from './testing/s3-bench.js';

let bench: S3Bench;

beforeAll(async () => {
  bench = await S3Bench.open();
});
afterEach(() => bench.faults.calm());
afterAll(() => bench[Symbol.asyncDispose]());

/** Lists and reads an input, stages and publishes an output. */
async function everything(name: string, store = bench.store()): Promise<string> {
  const [input, output] = [bench.at(`${name}/in/`), bench.at(`${name}/out/`)];
  await bench.put(`${name}/in/a`, `content of ${name}`);
  const [object] = await listAll(store, input);
  const path = await bench.file(await readAll(store, input, object!));
  await store.publish(output, await store.stage({ location: output, name: 'result', path }));
  return bench.text(`${name}/out/result`);
}

const isComplete = ({ method, path }: Asked) => method === 'POST' && path.includes('uploadId=');
const keyIdOf = ({ headers }: Asked) => /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1];
const regionOf = ({ headers }: Asked) => /Credential=[^/]+\/\d+\/([^/]+)/.exec(headers.authorization ?? '')?.[1];

describe('S3 that slows its callers down', () => {
  it('F13: is asked again until a storm of refusals is over', async () => {
    const overAt = performance.now() + 2_500;
    bench.faults.decide = () => (performance.now() < overAt ? s3Fault(503, 'SlowDown') : undefined);
    expect(await everything('storm')).toBe('content of storm');
    expect(performance.now()).toBeGreaterThanOrEqual(overAt);
    // A storm is not answered with a storm.
    expect(bench.faults.seen.length).toBeLessThan(30);
  });

  it('F13: refuses three requests in ten, of several kinds, and all is done', async () => {
    const chance = new SeededChance(7);
    bench.faults.decide = () => {
      const kind = chance.fraction();
      if (kind < 0.1) return s3Fault(503, 'SlowDown');
      if (kind < 0.2) return s3Fault(500, 'InternalError');
      return kind < 0.3 ? s3Fault(429, 'TooManyRequests') : undefined;
    };
    const store = bench.store();
    const names = Array.from({ length: 2 }, (_, number) => `slow-${number}`);
    for (const name of names) expect(await everything(name, store)).toBe(`content of ${name}`);
  });

  it('F13: is left alone at last, which is no fault of the job', async () => {
    bench.faults.decide = () => s3Fault(503, 'SlowDown');
    const listing = listAll(bench.store({}, { mostTries: 2 }), bench.at('in/'));
    await expect(listing).rejects.toMatchObject({ code: 'storage-failed', failureClass: 'infra' });
  });
});

describe('an answer that begins well and ends in an error', () => {
  it('F14: is an error, and completing is tried again', async () => {
    let left = 2;
    bench.faults.decide = (asked) => (isComplete(asked) && left-- > 0 ? s3Fault(200, 'InternalError') : undefined);
    expect(await everything('half-well')).toBe('content of half-well');
    expect(bench.faults.seen.filter(isComplete)).toHaveLength(3);
  });

  it('F14: does not hide that nothing was completed', async () => {
    bench.faults.decide = (asked) => (isComplete(asked) ? s3Fault(200, 'InternalError') : undefined);
    const [store, location] = [bench.store({}, { mostTries: 2 }), bench.at('ill/')];
    const staged = await store.stage({ location, name: 'result', path: await bench.file('x') });
    await expect(store.publish(location, staged)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(await store.canPublish(location, staged)).toBe(true);
    bench.faults.calm();
    await store.publish(location, staged);
    expect(await bench.text('ill/result')).toBe('x');
  });
});

describe('credentials and rights', () => {
  it('F16: reads credentials anew that have expired in the middle, and goes on', async () => {
    const file = bench.path('credentials');
    const write = (id: string) =>
      writeFile(file, `[default]\naws_access_key_id = ${id}\naws_secret_access_key = secret\n`);
    await write('OLD');
    const { AWS_SHARED_CREDENTIALS_FILE: before, ...others } = process.env;
    process.env.AWS_SHARED_CREDENTIALS_FILE = file;
    try {
      const store = bench.store({ credentials: undefined });
      expect(await everything('before', store)).toBe('content of before');
      bench.faults.seen.length = 0;
      bench.faults.decide = (asked) => (keyIdOf(asked) === 'OLD' ? s3Fault(400, 'ExpiredToken') : undefined);
      await write('NEW');
      expect(await everything('after', store)).toBe('content of after');
      expect(bench.faults.seen.filter((asked) => keyIdOf(asked) === 'OLD')).toHaveLength(1);
    } finally {
      process.env = { ...others, ...(before !== undefined && { AWS_SHARED_CREDENTIALS_FILE: before }) };
    }
  });

  it('F16: asks once more with credentials that stay expired, and then says so', async () => {
    bench.faults.decide = () => s3Fault(400, 'ExpiredToken');
    const listing = listAll(bench.store(), bench.at('in/'));
    await expect(listing).rejects.toMatchObject({ code: 'access-denied', failureClass: 'config' });
    expect(bench.faults.seen.length).toBeLessThanOrEqual(3);
  });

  it('F16: says what a key of KMS refuses as what it is', async () => {
    const message = 'User is not authorized to perform: kms:GenerateDataKey on this resource';
    bench.faults.decide = ({ method }) => (method === 'POST' ? s3Fault(403, 'AccessDenied', message) : undefined);
    const location = bench.at('out/');
    const staging = bench.store().stage({ location, name: 'result', path: await bench.file('x') });
    await expect(staging).rejects.toMatchObject({
      code: 'access-denied',
      failureClass: 'config',
      remedy: expect.stringContaining('kms:GenerateDataKey') as unknown,
    });
    expect(bench.faults.seen).toHaveLength(1);
  });

  it.each<[string, FaultAnswer]>([
    ['a redirect', { ...s3Fault(301, 'PermanentRedirect'), headers: { 'x-amz-bucket-region': 'eu-central-1' } }],
    [
      'a refusal',
      { status: 400, body: '<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-central-1</Region></Error>' },
    ],
  ])('F16: asks in the region of a bucket that %s names, and from then on there at once', async (_, redirect) => {
    bench.faults.decide = (asked) => (regionOf(asked) === 'eu-central-1' ? undefined : redirect);
    const store = bench.store();
    expect(await everything('elsewhere', store)).toBe('content of elsewhere');
    expect(bench.faults.seen.filter((asked) => regionOf(asked) !== 'eu-central-1')).toHaveLength(1);
  });

  it('F16: says of a bucket that is gone, and of a region nobody tells, where it looked', async () => {
    const gone = listAll(bench.store(), { bucket: 'nowhere', prefix: '' });
    await expect(gone).rejects.toMatchObject({ code: 'location-not-found', failureClass: 'config' });
    bench.faults.decide = () => s3Fault(301, 'PermanentRedirect');
    const untold = listAll(bench.store(), bench.at('in/'));
    await expect(untold).rejects.toMatchObject({ code: 'location-not-found' });
  });

  it('tells an object that is missing from one that may not be seen, though both are answered with 403', async () => {
    bench.faults.decide = ({ method }) => (method === 'HEAD' ? { status: 403 } : undefined);
    const [store, location] = [bench.store(), bench.at('narrow/')];
    const staged = await store.stage({ location, name: 'result', path: await bench.file('x') });
    await store.abandon(location, staged);
    expect(await store.canPublish(location, staged)).toBe(false);
    await bench.put('narrow/result', 'of somebody else');
    await expect(store.canPublish(location, staged)).rejects.toMatchObject({ code: 'access-denied' });
  });
});

describe('objects in an archive', () => {
  it('F19: are known from the listing, unless somebody has restored them', async () => {
    const object = (key: string, storageClass: string, more = '') =>
      `<Contents><Key>${key}</Key><Size>1</Size><ETag>"e"</ETag><StorageClass>${storageClass}</StorageClass>${more}</Contents>`;
    const restored = (isOnTheWay: boolean) =>
      `<RestoreStatus><IsRestoreInProgress>${isOnTheWay}</IsRestoreInProgress>` +
      `${isOnTheWay ? '' : '<RestoreExpiryDate>2030-01-01T00:00:00.000Z</RestoreExpiryDate>'}</RestoreStatus>`;
    const body = [
      object('a', 'STANDARD'),
      object('b', 'GLACIER'),
      object('c', 'DEEP_ARCHIVE', restored(true)),
      object('d', 'GLACIER', restored(false)),
      object('e', 'GLACIER_IR'),
    ].join('');
    bench.faults.decide = () => ({ status: 200, body: `<ListBucketResult>${body}</ListBucketResult>` });
    const found = await listAll(bench.store(), bench.at(''));
    expect(found.filter(({ archived }) => archived).map(({ key }) => key)).toEqual(['b', 'c']);
    expect(bench.faults.seen[0]?.headers['x-amz-optional-object-attributes']).toBe('RestoreStatus');
  });

  it('F19: are refused by name when they are read all the same', async () => {
    await bench.put('cold/a', 'x', { StorageClass: 'GLACIER' });
    const [object] = await listAll(bench.store(), bench.at('cold/'));
    expect(object).toMatchObject({ archived: true });
    await expect(readAll(bench.store(), bench.at('cold/'), object!)).rejects.toMatchObject({
      code: 'input-archived',
      failureClass: 'job',
      objectKey: 'cold/a',
      remedy: 'Restore it, then redrive it.',
    });
  });
});
