import type { RequestListener } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { serveOnLoopback } from '../testing/loopback-server.js';
import { openEvents, type SentEvent } from './event-connection.js';

interface Read {
  events: SentEvent[];
  lastId: string | undefined;
  thrown: unknown;
}

async function read(
  answer: RequestListener,
  lastEventId?: string,
  signal = new AbortController().signal,
): Promise<Read> {
  await using server = await serveOnLoopback(answer);
  const { url } = server;
  const events: SentEvent[] = [];
  let lastId: string | undefined;
  try {
    const request = { url, path: '/events', token: 'lsk_x', remedy: 'Start it.', lastEventId, signal, silentMs: 250 };
    const connection = await openEvents(request);
    try {
      for await (const event of connection.events) events.push(event);
    } finally {
      lastId = connection.lastId;
    }
    return { events, lastId, thrown: undefined };
  } catch (thrown) {
    return { events, lastId, thrown };
  }
}

const stream = { 'content-type': 'text/event-stream; charset=utf-8' };
const unreachable = expect.objectContaining({ code: 'orchestrator-unreachable', remedy: 'Start it.' });

describe('a connection to a stream of events', () => {
  it('gives each event, and the place where the stream began before there is one', async () => {
    const quiet = await read((_, response) => response.writeHead(200, stream).end(': hello\nid: life-7\n\n'));
    expect(quiet).toEqual({ events: [], lastId: 'life-7', thrown: undefined });
    const text = 'id: life-7\n\nid: life-8\nevent: job\ndata: {"a":1}\n\nevent: task\ndata: {}\n\n';
    const { events, lastId } = await read((_, response) => response.writeHead(200, stream).end(text));
    expect(events).toEqual([
      { id: 'life-8', name: 'job', data: '{"a":1}' },
      { id: undefined, name: 'task', data: '{}' },
    ]);
    expect(lastId).toBe('life-8');
  });

  it('goes on behind the last event, and shows the token', async () => {
    let asked: unknown;
    await read(({ headers }, response) => {
      asked = headers;
      response.writeHead(200, stream).end();
    }, 'life-3');
    expect(asked).toMatchObject({ 'last-event-id': 'life-3', authorization: 'Bearer lsk_x' });
  });

  it('is lost when it breaks, and keeps what it has told', async () => {
    const breaks: RequestListener = (_, response) => {
      response.writeHead(200, stream).write('id: a-1\nevent: job\ndata: {}\n\n');
      setTimeout(() => response.destroy(), 50);
    };
    expect(await read(breaks)).toEqual({ events: [expect.anything()], lastId: 'a-1', thrown: unreachable });
  });

  it('is lost when nothing comes, and alive while there are signs of life', async () => {
    const silent = await read((_, response) => response.writeHead(200, stream).write(': hello\n\n'));
    expect(silent.thrown).toEqual(unreachable);
    const alive = await read((_, response) => {
      response.writeHead(200, stream).write('id: a-1\n\n');
      const timer = setInterval(() => response.write(': alive\n\n'), 50);
      setTimeout(() => {
        clearInterval(timer);
        response.end();
      }, 600);
    });
    expect(alive.thrown).toBeUndefined();
  });

  it('throws what the orchestrator throws, and takes a page for no stream', async () => {
    const problem = JSON.stringify({ code: 'job-not-found', detail: 'No such job.' });
    const refused = await read((_, response) => response.writeHead(404).end(problem));
    expect(refused.thrown).toMatchObject({ code: 'job-not-found' });
    const page = await read((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    expect(page.thrown).toEqual(unreachable);
  });

  it('throws the reason when it is given up', async () => {
    const [give, reason] = [new AbortController(), new Error('enough')];
    setTimeout(() => give.abort(reason), 100);
    const { thrown } = await read(
      (_, response) => response.writeHead(200, stream).write(':\n\n'),
      undefined,
      give.signal,
    );
    expect(thrown).toBe(reason);
  });
});
