/** Stands before a store that speaks S3 and makes the bytes of objects take as long as they would over a slow line: a set time for each GET and each upload. */
import { createServer, request as send, Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @param target address of the store behind
 * @returns its address, `delays` to set (`downMs`, `upMs`), and `stop()`
 */
export async function startDelayedStore(target) {
  const delays = { downMs: 0, upMs: 0 };
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    request.on('error', () => response.destroy());
    response.on('error', () => undefined);
    const { method, url, headers } = request;
    const delayMs = delayOf(method, url, delays);
    const from = performance.now();
    const passed = send(new URL(url, target), { method, headers, agent });
    passed.on('error', () => response.destroy());
    passed.on('response', async (found) => {
      // What the store itself takes is part of the delay, so that every object takes the same time.
      await sleep(Math.max(0, delayMs - (performance.now() - from)));
      response.writeHead(found.statusCode, found.rawHeaders);
      found.pipe(response);
    });
    request.pipe(passed);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    agent.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, delays, stop };
}

/** Only the bytes of objects: a GET of a key, and a PUT or a part. */
function delayOf(method, url, { downMs, upMs }) {
  const { pathname, searchParams } = new URL(url, 'http://store');
  const isObject = pathname.split('/').filter(Boolean).length > 1;
  if (!isObject) return 0;
  if (method === 'GET' && ![...searchParams.keys()].some((key) => ['uploadId', 'uploads', 'list-type'].includes(key)))
    return downMs;
  return method === 'PUT' ? upMs : 0;
}
