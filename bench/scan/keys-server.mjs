/**
 * A bucket that exists only as its listing: answers ListObjectsV2 for so many keys, in pages of 1,000. A child process; it says its port to its parent.
 *
 *     node bench/scan/keys-server.mjs KEYS [MILLISECONDS FOR EACH PAGE]
 */
import { createServer } from 'node:http';

const [count = 1_000_000, delayMs = 0] = process.argv.slice(2).map(Number);
const pageSize = 1_000;
let asked = 0;

const server = createServer((request, response) => {
  const query = new URL(request.url, 'http://bucket').searchParams;
  if (query.get('list-type') !== '2') return void response.writeHead(404).end();
  asked += 1;
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const first = token === null ? firstBehind(prefix, query.get('start-after') ?? '') : Number(token);
  const answer = page(prefix, first, Math.min(pageSize, Number(query.get('max-keys') ?? pageSize)));
  const send = () => response.writeHead(200, { 'content-type': 'application/xml' }).end(answer);
  if (delayMs > 0) setTimeout(send, delayMs);
  else send();
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('message', () => process.send({ asked }));
process.on('disconnect', () => process.exit());

function keyOf(prefix, ordinal) {
  const digits = String(ordinal).padStart(9, '0');
  return `${prefix}plate-${digits.slice(0, 6)}/well-${digits}.tif`;
}

/** The ordinal of the first key that is greater. */
function firstBehind(prefix, after) {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyOf(prefix, middle) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

function page(prefix, first, size) {
  const until = Math.min(count, first + size);
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>bucket</Name><Prefix>${prefix}</Prefix><KeyCount>${until - first}</KeyCount><MaxKeys>${size}</MaxKeys>`,
    `<EncodingType>url</EncodingType><IsTruncated>${until < count}</IsTruncated>`,
    until < count ? `<NextContinuationToken>${until}</NextContinuationToken>` : '',
  ];
  for (let ordinal = first; ordinal < until; ordinal += 1) {
    parts.push(
      `<Contents><Key>${keyOf(prefix, ordinal)}</Key><LastModified>2026-11-01T10:00:00.000Z</LastModified>` +
        `<ETag>&quot;${String(ordinal).padStart(32, 'd')}&quot;</ETag><Size>4000000</Size><StorageClass>STANDARD</StorageClass></Contents>`,
    );
  }
  parts.push('</ListBucketResult>');
  return parts.join('');
}
