import type { RequestListener } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { serveOnLoopback } from '@longshore/adapters/testing';
import { LongshoreError } from '@longshore/core';
import { judgeOrchestrator, judgeToken } from '../judge/orchestrator.js';
import { compareClock, lookAtOrchestrator, lookAtToken } from './orchestrator-probe.js';

async function asked<T>(answer: RequestListener, ask: (url: string) => Promise<T>): Promise<T> {
  await using server = await serveOnLoopback(answer);
  return await ask(server.url);
}

const problem =
  (status: number, code: string, detail: string): RequestListener =>
  (_, response) => {
    response.writeHead(status).end(JSON.stringify({ code, detail }));
  };
const well: RequestListener = (_, response) => response.end('{"status":"ok"}');

describe('looking at an orchestrator', () => {
  const look = (answer: RequestListener) =>
    asked(answer, async (url) => judgeOrchestrator(await lookAtOrchestrator({ url, cluster: 'lab', withinMs: 2_000 })));

  it.each<[string, RequestListener, string]>([
    ['is well', well, 'orchestrator-ok'],
    ['is of another cluster', problem(409, 'wrong-cluster', 'No.'), 'orchestrator-other-cluster'],
    ['is something else', (_, response) => response.end('<html>'), 'orchestrator-unreachable'],
    ['hangs up', ({ socket }) => socket.destroy(), 'orchestrator-unreachable'],
    [
      'is not ready',
      (request, response) =>
        request.url === '/readyz' ? problem(503, 'not-ready', 'It waits.')(request, response) : well(request, response),
      'orchestrator-not-ready',
    ],
  ])('finds one that %s', async (_, answer, id) => {
    expect(await look(answer)).toMatchObject({ id });
  });

  it('names the cluster that this environment is of', async () => {
    const clusters: unknown[] = [];
    await look((request, response) => (clusters.push(request.headers['longshore-cluster']), well(request, response)));
    expect(clusters).toEqual(['lab', 'lab']);
  });
});

describe('looking at a token', () => {
  const look = (answer: RequestListener, token: () => string | undefined) =>
    asked(answer, (url) => lookAtToken({ url, withinMs: 2_000 }, token));

  it('shows it, and gives what is said of it', async () => {
    const echo: RequestListener = ({ headers }, response) =>
      response.end(JSON.stringify({ role: 'read', version: headers.authorization }));
    expect(await look(echo, () => 'secret')).toEqual({ answer: { role: 'read', version: 'Bearer secret' } });
  });

  it('tells one that is refused from one that cannot be read, and from nobody there', async () => {
    const refused = await look(problem(401, 'not-authenticated', 'No.'), () => 'secret');
    expect(judgeToken(refused!, '1')[0]?.id).toBe('token-refused');
    const unreadable = await look(well, () => {
      throw new LongshoreError('invalid-configuration', 'No file.');
    });
    expect(judgeToken(unreadable!, '1')[0]?.id).toBe('token-unreadable');
    expect(
      await look(
        ({ socket }) => socket.destroy(),
        () => undefined,
      ),
    ).toBeUndefined();
  });
});

describe('looking at a clock', () => {
  const look = (answer: RequestListener) =>
    asked(answer, (url) => compareClock(url, 'S3', () => 7, AbortSignal.timeout(2_000)));

  it('reads it from any answer, refusals among them', async () => {
    const date = 'Sat, 21 Nov 2026 12:00:00 GMT';
    expect(await look((_, response) => response.writeHead(403, { date }).end())).toEqual({
      whose: 'S3',
      theirs: Date.parse(date),
      asked: 7,
      answered: 7,
    });
  });

  it('gives nothing where nobody answers', async () => {
    expect(await look(({ socket }) => socket.destroy())).toBeUndefined();
  });
});
