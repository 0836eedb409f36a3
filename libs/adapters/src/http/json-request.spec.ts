import type { RequestListener } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { serveOnLoopback } from '../testing/loopback-server.js';
import { requestJson } from './json-request.js';

async function ask(answer: RequestListener, signal?: AbortSignal, token?: string): Promise<unknown> {
  await using server = await serveOnLoopback(answer);
  const { url } = server;
  const request = { url, method: 'POST', path: '/x', body: { a: 1 } } as const;
  return await requestJson({ ...request, withinMs: 300, signal, token, remedy: 'Start it.' });
}

describe('a request to an orchestrator', () => {
  it('gives what is answered', async () => {
    await expect(ask((_, response) => response.end('{"b":2}'))).resolves.toEqual({ b: 2 });
  });

  it('shows the token it is given, and none otherwise', async () => {
    const echo: RequestListener = ({ headers }, response) => response.end(JSON.stringify({ ...headers }));
    expect(await ask(echo, undefined, 'lsk_secret')).toMatchObject({ authorization: 'Bearer lsk_secret' });
    expect(await ask(echo)).not.toHaveProperty('authorization');
  });

  it('takes its token nowhere else', async () => {
    const elsewhere: RequestListener = (_, response) =>
      response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end();
    await expect(ask(elsewhere, undefined, 'lsk_secret')).rejects.toMatchObject({ code: 'orchestrator-unreachable' });
  });

  it('throws what the orchestrator threw', async () => {
    const problem = { code: 'stale-fence', detail: 'Too late.', remedy: 'Ask again.' };
    const answer = ask((_, response) => response.writeHead(409).end(JSON.stringify(problem)));
    await expect(answer).rejects.toMatchObject({ code: 'stale-fence', message: 'Too late.', remedy: 'Ask again.' });
  });

  it.each<[string, RequestListener]>([
    ['answers with something else', (_, response) => response.writeHead(502).end('<html>')],
    ['answers with an error that is not ours', (_, response) => response.writeHead(502).end('{}')],
    ['hangs up', (request) => request.socket.destroy()],
    ['never answers', () => undefined],
  ])('says that nobody is there when somebody %s', async (_, answer) => {
    await expect(ask(answer)).rejects.toMatchObject({ code: 'orchestrator-unreachable', remedy: 'Start it.' });
  });

  it('throws the reason when it is given up', async () => {
    const reason = new Error('enough');
    await expect(ask(() => undefined, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
