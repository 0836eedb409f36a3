// node sdk.mjs get|put ENDPOINT PREFIX FOLDER: the same with the AWS SDK and nothing else, 16 objects at a time over kept-alive connections.
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { atOnce, warmAndTimed } from './warm.mjs';

const [, endpoint] = process.argv.slice(2);
const client = new S3Client({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  forcePathStyle: true,
  requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: 64 }) },
});

async function get(prefix, folder) {
  const found = [];
  let ContinuationToken;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: 'bench', Prefix: prefix, ContinuationToken }));
    found.push(...(page.Contents ?? []));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  await atOnce(found, 16, async ({ Key }) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bench', Key }));
    await pipeline(Body, createWriteStream(join(folder, Key.slice(prefix.length))));
  });
}

async function put(prefix, folder) {
  await atOnce(await readdir(folder), 16, async (name) => {
    const path = join(folder, name);
    const { size } = await stat(path);
    const Body = createReadStream(path, { highWaterMark: 2 ** 20 });
    await client.send(new PutObjectCommand({ Bucket: 'bench', Key: prefix + name, Body, ContentLength: size }));
  });
}

await warmAndTimed({ get, put }, process.argv.slice(2));
