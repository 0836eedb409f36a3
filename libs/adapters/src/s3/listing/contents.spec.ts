import { Readable } from 'node:stream';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { S3ObjectStore } from '../s3-object-store.js';
import { listAll } from '../testing/s3-bench.js';
import { ContentsReader } from './contents.js';

let answer = '';
const requestHandler = {
  handle: async () => ({ response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(answer)]) } }),
};
const config = {
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
  requestHandler: requestHandler as never,
};
const client = new S3Client(config);
const store = new S3ObjectStore({ config, mostTries: 1 });

afterAll(() => client.destroy());

/** What the SDK makes of an answer by itself. */
async function bySdk(): Promise<object[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'bucket' }));
  return Contents.map(({ Key = '', Size = 0, ETag = '', StorageClass, RestoreStatus }) => {
    const isRestored = RestoreStatus?.IsRestoreInProgress === false && RestoreStatus.RestoreExpiryDate;
    const isArchived = ['GLACIER', 'DEEP_ARCHIVE'].includes(StorageClass ?? '') && !isRestored;
    const key = decodeURIComponent(Key.replaceAll('+', ' '));
    return { key, sizeBytes: Size, etag: ETag, ...(isArchived && { archived: true }) };
  });
}

const both = async () => [await listAll(store, { bucket: 'bucket', prefix: '' }), await bySdk()];

const encoded = (key: string) => encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const around = (contents: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name>${contents}<IsTruncated>false</IsTruncated></ListBucketResult>`;
const plain = (key: string) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`;

describe('the objects in an answer to a listing', () => {
  const field = (name: string, text: fc.Arbitrary<string>) => text.map((value) => `<${name}>${value}</${name}>`);
  const keys = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((key) => key.isWellFormed());
  const etags = fc.string({ unit: fc.constantFrom('a', '0', '-', '&', '<', '>', '"'), minLength: 1 });
  const owner = fc.constantFrom('<Owner><ID>1</ID><DisplayName>Jörg</DisplayName></Owner>', '<Owner></Owner>');
  const restored = fc.constantFrom(
    '<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>2026-12-01T00:00:00.000Z</RestoreExpiryDate></RestoreStatus>',
    '<RestoreStatus><IsRestoreInProgress>true</IsRestoreInProgress></RestoreStatus>',
  );
  const rare = (text: fc.Arbitrary<string>) =>
    fc.oneof({ weight: 30, arbitrary: fc.constant('') }, { weight: 1, arbitrary: text });
  const spaces = fc.constantFrom('', '', '\n  ', '\n');
  const object = fc
    .tuple(
      field('Key', keys.map(encoded)),
      field('Size', fc.nat().map(String)),
      field(
        'ETag',
        etags.map((etag) => escaped(`"${etag}"`)),
      ),
      field('StorageClass', fc.constantFrom('STANDARD', 'GLACIER', 'DEEP_ARCHIVE')),
      field('LastModified', fc.constant('2026-11-01T10:00:00.000Z')),
      rare(owner),
      rare(restored),
      rare(
        fc.constantFrom(
          '<!-- <Contents> -->',
          '<Unknown>1</Unknown>',
          '<Owner/>',
          '<ChecksumType>FULL_OBJECT</ChecksumType>',
        ),
      ),
    )
    .chain((fields) => fc.tuple(fc.shuffledSubarray(fields, { minLength: 7, maxLength: 8 }), spaces))
    .filter(([fields]) => fields.some((text) => text.startsWith('<Key>')))
    .map(([fields, space]) => `<Contents>${space}${fields.join(space)}${space}</Contents>${space}`);

  it('I7: are those that the SDK finds, whatever their names are and in whatever order their fields come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(object, { maxLength: 6 }), async (objects) => {
        answer = around(objects.join(''));
        const [ours, theirs] = await both();
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['a name in CDATA', plain('<![CDATA[a]]>')],
    ['a number as an entity', plain('a&#x41;b')],
    ['an attribute', '<Contents a="1"><Key>a</Key></Contents>'],
    ['line breaks of Windows', `${plain('a')}\r\n`],
    ['letters beyond ASCII', '<Contents><Key>a</Key><Owner><DisplayName>Jörg</DisplayName></Owner></Contents>'],
    ['objects in two places', `${plain('a')}<KeyCount>2</KeyCount>${plain('b')}`],
    ['a size that is none', '<Contents><Key>a</Key><Size></Size></Contents>'],
    ['a name twice', '<Contents><Key>a</Key><Key>b</Key></Contents>'],
  ])('leaves %s to the SDK', (_, contents) => {
    expect(new ContentsReader().read([Buffer.from(around(contents))])).toBeUndefined();
  });

  it('are read here, as all stores send them', () => {
    const found = new ContentsReader().read([Buffer.from(around(plain('a') + plain('b')))]);
    expect(found?.objects.take(2).map(({ key }) => key)).toEqual(['a', 'b']);
    expect(found?.rest).toBe(around(''));
  });

  it('stay what they are while the next page is read', () => {
    const reader = new ContentsReader();
    const read = (key: string) => reader.read([Buffer.from(around(plain(key)))])?.objects;
    const [first, second] = [read('first'), read('second')];
    expect(second?.take(1)).toMatchObject([{ key: 'second' }]);
    const third = read('third');
    expect([first?.key(0), third?.key(0)]).toEqual(['first', 'third']);
  });

  it.each([
    ['is cut off', around(plain('a')).slice(0, -30)],
    ['ends in an error', '<Error><Code>InternalError</Code></Error>'],
  ])('F14: are none where the answer %s', async (_, body) => {
    answer = body;
    await expect(listAll(store, { bucket: 'bucket', prefix: '' })).rejects.toMatchObject({ code: 'storage-failed' });
  });
});
