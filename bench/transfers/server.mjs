// An S3 server for the bench: fast enough that clients are what is measured. It believes every signature, gives the same bytes for all objects of a size,
// and keeps of what is put only name, size and ETag. Never use it for anything else.
// node server.mjs NAME:COUNT:BYTES ... serves COUNT objects NAME/000000 of BYTES in the bucket "bench", and prints its address.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { URLSearchParams } from 'node:url';

const objects = new Map();
const uploads = new Map();
const largest = Math.max(1, ...process.argv.slice(2).map((given) => Number(given.split(':')[2])));
const content = randomBytes(Math.min(largest, 2 ** 20));
const bytes = Buffer.alloc(largest);
for (let at = 0; at < largest; at += content.length) content.copy(bytes, at);

for (const given of process.argv.slice(2)) {
  const [name, count, size] = [given.split(':')[0], ...given.split(':').slice(1).map(Number)];
  // A checksum that clients compare has to be true.
  const etag = createHash('md5').update(bytes.subarray(0, size)).digest('hex');
  for (let number = 0; number < count; number += 1) {
    objects.set(`${name}/${String(number).padStart(6, '0')}`, { size, etag });
  }
}

const xml = (text) => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
const modified = 'Sat, 01 Nov 2025 00:00:00 GMT';

function list(query, response) {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? query.get('marker') ?? '';
  const most = Number(query.get('max-keys') ?? 1000);
  const found = [...objects]
    .filter(([key]) => key.startsWith(prefix) && key > after)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const page = found.slice(0, most);
  const isCut = found.length > page.length;
  const last = page.at(-1)?.[0] ?? '';
  const entries = page.map(
    ([key, { size, etag }]) =>
      `<Contents><Key>${key}</Key><LastModified>2025-11-01T00:00:00.000Z</LastModified><ETag>"${etag}"</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const next = isCut ? `<NextContinuationToken>${last}</NextContinuationToken><NextMarker>${last}</NextMarker>` : '';
  answer(
    response,
    200,
    {},
    xml(
      `<ListBucketResult><Name>bench</Name><Prefix>${prefix}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${most}</MaxKeys><IsTruncated>${isCut}</IsTruncated>${next}${entries.join('')}</ListBucketResult>`,
    ),
  );
}

function answer(response, status, headers, body) {
  response.writeHead(status, { 'content-length': body?.length ?? 0, ...headers });
  response.end(body);
}

function read(request, response, key) {
  const object = objects.get(key);
  if (!object)
    return answer(
      response,
      404,
      {},
      request.method === 'HEAD' ? undefined : xml('<Error><Code>NoSuchKey</Code></Error>'),
    );
  const { size, etag, metadata } = object;
  const headers = {
    etag: `"${etag}"`,
    'last-modified': modified,
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    ...metadata,
  };
  if (request.method === 'HEAD') return answer(response, 200, { ...headers, 'content-length': size });
  const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '');
  if (!range) return answer(response, 200, headers, bytes.subarray(0, size));
  const [from, to] = [Number(range[1]), range[2] === '' ? size - 1 : Math.min(Number(range[2]), size - 1)];
  answer(response, 206, { ...headers, 'content-range': `bytes ${from}-${to}/${size}` }, bytes.subarray(from, to + 1));
}

/** The ETag is the MD5 that the client told; one that told none gets an ETag that says nothing of the content. */
function etagOf(headers, size) {
  const md5 = headers['content-md5'];
  return md5 ? Buffer.from(md5, 'base64').toString('hex') : `${size.toString(16).padStart(32, '0')}-1`;
}

function metadataOf(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-')));
}

function write({ method, headers }, response, key, query, size, text) {
  const upload = uploads.get(query.get('uploadId'));
  if (method === 'DELETE') {
    if (upload) uploads.delete(query.get('uploadId'));
    else objects.delete(key);
    return answer(response, 204, {});
  }
  if (method === 'PUT' && upload) {
    upload.set(Number(query.get('partNumber')), size);
    return answer(response, 200, { etag: `"${etagOf(headers, size)}"` });
  }
  if (method === 'PUT') {
    const etag = etagOf(headers, size);
    objects.set(key, { size, etag, metadata: metadataOf(headers) });
    return answer(response, 200, { etag: `"${etag}"` });
  }
  if (query.has('uploads')) {
    const id = randomBytes(8).toString('hex');
    uploads.set(id, Object.assign(new Map(), { metadata: metadataOf(headers) }));
    return answer(
      response,
      200,
      {},
      xml(
        `<InitiateMultipartUploadResult><Bucket>bench</Bucket><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      ),
    );
  }
  if (!upload) return answer(response, 404, {}, xml('<Error><Code>NoSuchUpload</Code></Error>'));
  uploads.delete(query.get('uploadId'));
  const etag = `${createHash('md5').update(text).digest('hex')}-${upload.size}`;
  objects.set(key, {
    size: [...upload.values()].reduce((sum, part) => sum + part, 0),
    etag,
    metadata: upload.metadata,
  });
  answer(
    response,
    200,
    {},
    xml(`<CompleteMultipartUploadResult><Key>${key}</Key><ETag>"${etag}"</ETag></CompleteMultipartUploadResult>`),
  );
}

const server = createServer((request, response) => {
  const [path, search = ''] = request.url.split('?');
  const query = new URLSearchParams(search);
  const [, , ...rest] = path.split('/');
  const key = decodeURIComponent(rest.join('/'));
  if (request.method === 'GET' || request.method === 'HEAD') {
    if (key !== '') return read(request, response, key);
    if (request.method === 'GET') return list(query, response);
    return answer(response, 200, {});
  }
  let text = '';
  let size = 0;
  const isTold = request.method === 'POST';
  request.on('data', (chunk) => {
    size += chunk.length;
    if (isTold) text += chunk;
  });
  request.on('end', () => {
    // What comes in signed chunks is longer than what it holds.
    const decoded = Number(request.headers['x-amz-decoded-content-length'] ?? size);
    if (key === '') return answer(response, 200, {});
    write(request, response, key, query, decoded, text);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
