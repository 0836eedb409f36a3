import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Dispatcher } from 'undici';
import { exchange, openConnections, type Flow, type Receiver } from './exchange.js';

/** Reads what came a while later, as whoever writes to a file, and gives its memory back then. */
class LateReader implements Receiver {
  readonly came: Buffer[] = [];
  readonly read: Buffer[] = [];
  private reading = Promise.resolve();

  begin(): void {
    // What the head says is nothing to it.
  }

  take(chunk: Buffer, flow: Flow): void {
    this.came.push(chunk);
    this.reading = this.reading.then(async () => {
      await setImmediate();
      this.read.push(Buffer.from(chunk));
      flow.release(chunk);
    });
  }

  async text(): Promise<string> {
    await this.reading;
    return Buffer.concat(this.read).toString();
  }
}

async function received(answer: RequestListener): Promise<LateReader> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connections = openConnections(5_000);
  const reader = new LateReader();
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await exchange(connections, { method: 'GET', origin, path: '/', headers: {} }, reader);
    await reader.text();
    return reader;
  } finally {
    await connections.destroy();
    server.close();
  }
}

/** As if these had come from a socket. */
async function broughtBy(...chunks: Buffer[]): Promise<LateReader> {
  const flow = { pause: () => undefined, resume: () => undefined };
  const dispatch: Dispatcher['dispatch'] = (_, handler) => {
    const controller = flow as Dispatcher.DispatchController;
    handler.onRequestStart?.(controller, undefined);
    handler.onResponseStart?.(controller, 200, {});
    for (const chunk of chunks) handler.onResponseData?.(controller, chunk);
    handler.onResponseEnd?.(controller, {});
    return true;
  };
  const reader = new LateReader();
  await exchange({ dispatch } as Dispatcher, { method: 'GET', origin: 'http://a', path: '/', headers: {} }, reader);
  await reader.text();
  return reader;
}

const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at} of what was asked for\n`);
const bytesBehind = ({ buffer }: Buffer) => buffer.byteLength;

describe('what comes in answer to a request', () => {
  it('takes no memory any more once whoever took it has given it back', async () => {
    const { read, came } = await received((_, response) => response.end(lines.join('')));
    expect(Buffer.concat(read).toString()).toBe(lines.join(''));
    expect(came.slice(1).map(bytesBehind)).toEqual(came.slice(1).map(() => 0));
  });

  it('is whole where several pieces of it share the same memory', async () => {
    const reader = await received((_, response) => {
      for (const line of lines) response.write(line);
      response.end();
    });
    expect(await reader.text()).toBe(lines.join(''));
    const memory = new ArrayBuffer(60_000);
    const pieces = [0, 20_000].map((at) => Buffer.from(memory, at, at + 20_000).fill(`${at}`));
    const { read } = await broughtBy(...pieces);
    expect([Buffer.concat(read).length, memory.byteLength]).toEqual([60_000, 0]);
  });

  it.each([
    ['that others use, as the pool of Node.js', 40_000, 20_000],
    ['in which more follows', 0, 50_000],
  ])('keeps memory %s', async (_, from, length) => {
    const memory = new ArrayBuffer(60_000);
    await broughtBy(Buffer.from(memory, from, length));
    expect(memory.byteLength).toBe(60_000);
  });
});
