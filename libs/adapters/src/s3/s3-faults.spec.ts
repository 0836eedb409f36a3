import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { StagedOutput } from '@longshore/core';
import { S3ObjectStore } from './s3-object-store.js';
import { writeToken } from './upload-token.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const location = { bucket: 'bucket', prefix: 'out/' };
const object = { key: 'in/object', sizeBytes: 1_000, etag: '"etag"' };
const staged: StagedOutput = {
  name: 'result',
  sizeBytes: 1,
  sha256: 'any',
  token: writeToken({ key: 'out/result', uploadId: 'upload', stamp: 'stamp', parts: ['"part"'] }),
};

const fails = (status: number, code: string): Answer => {
  return (_, response) => response.writeHead(status).end(`<Error><Code>${code}</Code><Message>No.</Message></Error>`);
};
const hangsUp: Answer = (request) => request.socket.destroy();
const xml = (body: string): Answer => {
  return (_, response) => response.end(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
};
const sends = (body: Buffer, headers: Record<string, string> = {}): Answer => {
  return (_, response) => response.writeHead(200, { etag: '"etag"', ...headers }).end(body);
};
const completed = xml('<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>');
const failsInside = xml('<Error><Code>InternalError</Code><Message>We encountered an error.</Message></Error>');
const stamped = (stamp: string): Answer => {
  return (_, response) => response.writeHead(200, { 'x-amz-meta-longshore-upload': stamp }).end();
};

describe('S3 on a bad day', () => {
  let server: Server;
  let asked: string[];

  /** A store whose service gives the answers of each kind of request in turn, and the last one again and again. */
  const storeThat = async (answers: Record<string, Answer[]>, idleMs = 60_000): Promise<S3ObjectStore> => {
    asked = [];
    server = createServer((request, response) => {
      const kind = kindOf(request);
      asked.push(kind);
      const [answer = fails(404, 'NoSuchKey')] = answers[kind] ?? [];
      if ((answers[kind]?.length ?? 0) > 1) answers[kind]?.shift();
      request.resume().once('end', () => answer(request, response));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new S3ObjectStore({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 3,
      requestHandler: { socketTimeout: idleMs },
    });
  };
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const read = (store: S3ObjectStore, signal?: AbortSignal) => Array.fromAsync(store.read(location, object, signal));
  const list = async (store: S3ObjectStore) => (await Array.fromAsync(store.list(location))).flat();

  describe('listing', () => {
    const page = (inner: string) => xml(`<ListBucketResult><Name>bucket</Name>${inner}</ListBucketResult>`);
    const entry = (key: string) => `<Contents><Key>${key}</Key><Size>1</Size><ETag>"e"</ETag></Contents>`;

    it('goes on when the service is slow, fails or hangs up', async () => {
      const found = page(entry('out/a'));
      const store = await storeThat({ LIST: [fails(503, 'SlowDown'), hangsUp, found] });
      expect(await list(store)).toMatchObject([{ key: 'out/a' }]);
      expect(asked).toEqual(['LIST', 'LIST', 'LIST']);
    });

    it.each([
      [fails(503, 'SlowDown'), 'storage-failed', /SlowDown, No, status 503\. It is tried again/],
      [
        fails(403, 'AccessDenied'),
        'access-denied',
        /s3:\/\/bucket\/out\/ cannot be listed: .* Allow s3:ListBucket there/,
      ],
      [fails(404, 'NoSuchBucket'), 'location-not-found', /Check the name of the bucket/],
      [xml('<html><title>nginx'), 'storage-failed', /cannot be listed: /],
    ])('says what is wrong (%#)', async (answer, code, sentence) => {
      const store = await storeThat({ LIST: [answer] });
      const says = expect.objectContaining({ code, sentence: expect.stringMatching(sentence) });
      await expect(list(store)).rejects.toEqual(says);
    });

    it('shows a key that is not valid UTF-8, so that it is refused by name', async () => {
      const store = await storeThat({ LIST: [page(`<EncodingType>url</EncodingType>${entry('out/b%FF+d')}`)] });
      expect(await list(store)).toMatchObject([{ key: 'out/b\uFFFD d' }]);
    });

    it('takes keys as they are from a store that does not encode them', async () => {
      const store = await storeThat({ LIST: [page(entry('out/a+b%20c'))] });
      expect(await list(store)).toMatchObject([{ key: 'out/a+b%20c' }]);
    });
  });

  describe('reading', () => {
    const whole = Buffer.alloc(1_000, 'x');
    const checksum = (content: Buffer) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(crc32(content));
      return { 'x-amz-checksum-crc32': bytes.toString('base64') };
    };
    const breaksOff: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write(whole.subarray(0, 10), () => response.destroy());
    };
    const stalls: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write(whole.subarray(0, 10));
    };

    it('gives what arrives whole', async () => {
      const store = await storeThat({ GET: [sends(whole, checksum(whole))] });
      expect(Buffer.concat(await read(store)).equals(whole)).toBe(true);
    });

    it.each([
      ['breaks off', breaksOff],
      ['is too short', sends(whole.subarray(1))],
      ['is too long', sends(Buffer.alloc(1_001, 'x'))],
      ['is damaged', sends(Buffer.alloc(1_000, 'y'), checksum(whole))],
    ])('says that an object %s', async (_, answer) => {
      const store = await storeThat({ GET: [answer] });
      await expect(read(store)).rejects.toMatchObject({ code: 'storage-failed', objectKey: 'in/object' });
    });

    it('gives a silent connection up', async () => {
      const store = await storeThat({ GET: [stalls] }, 200);
      await expect(read(store)).rejects.toMatchObject({ code: 'storage-failed', objectKey: 'in/object' });
    });

    it('gives a silent connection up at once when the signal is aborted', async () => {
      const control = new AbortController();
      const store = await storeThat({
        GET: [
          (request, response) => {
            stalls(request, response);
            setTimeout(() => control.abort(new Error('enough')), 50);
          },
        ],
      });
      await expect(read(store, control.signal)).rejects.toThrow('enough');
    });
  });

  describe('publishing', () => {
    it('tries again when the error comes in the body of a success', async () => {
      const store = await storeThat({ COMPLETE: [failsInside, completed] });
      await store.publish(location, staged);
      expect(asked).toEqual(['COMPLETE', 'COMPLETE']);
    });

    it('leaves an upload that cannot be completed now for the next time', async () => {
      const open = xml('<ListPartsResult><UploadId>upload</UploadId></ListPartsResult>');
      const store = await storeThat({ COMPLETE: [failsInside], PARTS: [open] });
      await expect(store.publish(location, staged)).rejects.toMatchObject({ code: 'storage-failed' });
      expect(asked).toEqual(['COMPLETE', 'COMPLETE', 'COMPLETE', 'PARTS']);
    });

    it('finds out that it was done although no answer came', async () => {
      const store = await storeThat({
        COMPLETE: [hangsUp],
        PARTS: [fails(404, 'NoSuchUpload')],
        HEAD: [stamped('stamp')],
      });
      await store.publish(location, staged);
      expect(asked.slice(-2)).toEqual(['PARTS', 'HEAD']);
    });

    it.each([
      ['nothing', fails(404, 'NoSuchKey')],
      ["another attempt's output", stamped('another')],
    ])('says that the output is lost when %s is there', async (_, answer) => {
      const store = await storeThat({ COMPLETE: [fails(404, 'NoSuchUpload')], HEAD: [answer] });
      await expect(store.publish(location, staged)).rejects.toMatchObject({ code: 'staging-lost' });
      expect(asked).toEqual(['COMPLETE', 'HEAD']);
    });

    it('calls nothing lost whose upload it may not look at', async () => {
      const denied = fails(403, 'AccessDenied');
      const store = await storeThat({ COMPLETE: [denied], PARTS: [denied] });
      await expect(store.publish(location, staged)).rejects.toMatchObject({ code: 'access-denied' });
    });

    it('calls nothing lost whose object it may not look at', async () => {
      const blind = await storeThat({
        COMPLETE: [fails(404, 'NoSuchUpload')],
        HEAD: [(_, answer) => answer.writeHead(403).end()],
      });
      await expect(blind.publish(location, staged)).rejects.toMatchObject({ code: 'access-denied' });
    });
  });

  it('aborts the upload when a part cannot be stored', async () => {
    const begun = xml('<InitiateMultipartUploadResult><UploadId>upload</UploadId></InitiateMultipartUploadResult>');
    const gone: Answer = (_, response) => response.writeHead(204).end();
    const store = await storeThat({ CREATE: [begun], PART: [fails(403, 'AccessDenied')], ABORT: [gone] });
    const staging = store.stage({ location, name: 'result', path: import.meta.filename });
    await expect(staging).rejects.toMatchObject({
      code: 'access-denied',
      message: 'The output s3://bucket/out/result cannot be stored: AccessDenied, No, status 403.',
    });
    expect(asked).toEqual(['CREATE', 'PART', 'ABORT']);
  });

  it('sweeps every page of open uploads, and only the named ones', async () => {
    const upload = (key: string, id: string) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`;
    const page = (inner: string) =>
      xml(`<ListMultipartUploadsResult><EncodingType>url</EncodingType>${inner}</ListMultipartUploadsResult>`);
    const urls: string[] = [];
    const noted = (answer: Answer): Answer => {
      return (request, response) => {
        urls.push(request.url ?? '');
        answer(request, response);
      };
    };
    const more =
      '<IsTruncated>true</IsTruncated><NextKeyMarker>out/a+b</NextKeyMarker><NextUploadIdMarker>2</NextUploadIdMarker>';
    const store = await storeThat({
      UPLOADS: [
        noted(page(`${more}${upload('out/a+b', '1')}${upload('out/other', '2')}`)),
        noted(page(upload('out/a+b', '3'))),
      ],
      ABORT: [noted((_, response) => response.writeHead(204).end())],
    });
    await store.sweep(location, ['a b', 'never']);
    expect(
      urls
        .filter((url) => url.includes('uploadId='))
        .map((url) => new URL(url, 'http://x').searchParams.get('uploadId')),
    ).toEqual(['1', '3']);
    expect(
      new URL(urls.findLast((url) => url.includes('key-marker')) ?? '', 'http://x').searchParams.get('key-marker'),
    ).toBe('out/a b');
  });
});

function kindOf({ method = '', url = '' }: IncomingMessage): string {
  const query = new URL(url, 'http://any').searchParams;
  if (query.has('list-type')) return 'LIST';
  if (query.has('uploads')) return method === 'POST' ? 'CREATE' : 'UPLOADS';
  if (!query.has('uploadId')) return method;
  return { POST: 'COMPLETE', PUT: 'PART', DELETE: 'ABORT' }[method] ?? 'PARTS';
}
