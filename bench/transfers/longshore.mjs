// node longshore.mjs get|put ENDPOINT PREFIX FOLDER: brings all objects below a prefix into a folder, or all files of a folder below a prefix, as a worker
// does with the inputs and the outputs of a task.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { S3ObjectStore } from '@longshore/adapters/s3';
import { atOnce, warmAndTimed } from './warm.mjs';

const [, endpoint] = process.argv.slice(2);
const store = new S3ObjectStore({
  config: { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
});
async function get(prefix, folder) {
  const location = { bucket: 'bench', prefix };
  const found = [];
  for await (const page of store.list(location)) found.push(...page);
  await atOnce(found, 32, (object) => store.fetch(location, object, join(folder, object.key.slice(prefix.length))));
}

async function put(prefix, folder) {
  const location = { bucket: 'bench', prefix };
  await atOnce(await readdir(folder), 32, async (name) => {
    await store.publish(location, await store.stage({ location, name, path: join(folder, name), within: folder }));
  });
}

await warmAndTimed({ get, put }, process.argv.slice(2));
