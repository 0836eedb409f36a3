import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serveOnLoopback, type LoopbackServer } from '@longshore/adapters/testing';
import { Address } from './address.js';
import { Credentials } from './credentials.js';
import { OrchestratorClient } from './orchestrator-client.js';

let answer: { status: number; body: unknown };
let asked: IncomingHttpHeaders[];
let url: string;
let server: LoopbackServer;

beforeEach(async () => {
  asked = [];
  answer = { status: 200, body: { status: 'ok' } };
  server = await serveOnLoopback((request, response) => {
    asked.push(request.headers);
    request.resume();
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
  ({ url } = server);
});
afterEach(() => server[Symbol.asyncDispose]());

const otherCluster = { status: 409, body: { code: 'wrong-cluster', detail: 'This is of the cluster "b".' } };

function clientAt(known: string | undefined, mayMove = true) {
  const address = new Address(known, mayMove);
  const told: string[] = [];
  address.watch({ missed: () => told.push('missed'), reached: () => told.push('reached') });
  return { address, told, client: new OrchestratorClient(address, new Credentials('lsj_join'), 'plate-7') };
}

describe('the worker’s client', () => {
  it('B9: names its cluster with every request', async () => {
    await clientAt(url).client.ask('w', 0, 1);
    expect(asked[0]).toMatchObject({ 'longshore-cluster': 'plate-7', authorization: 'Bearer lsj_join' });
  });

  it('B9: shows no token to whoever answers at an address that it only looks at', async () => {
    await clientAt(undefined).client.probe(url);
    expect(asked[0]).toMatchObject({ 'longshore-cluster': 'plate-7' });
    expect(asked[0]).not.toHaveProperty('authorization');
  });

  it.each([
    ['somebody else’s orchestrator', otherCluster, 'wrong-cluster'],
    ['something else', { status: 200, body: { hello: 'world' } }, 'orchestrator-unreachable'],
    ['something that fails', { status: 502, body: {} }, 'orchestrator-unreachable'],
  ])('B9: sees that %s is none of its own', async (_, given, code) => {
    answer = given;
    await expect(clientAt(undefined).client.probe(url)).rejects.toMatchObject({ code });
  });

  it('takes an orchestrator that has a full disk or too much to do for one all the same', async () => {
    answer = { status: 503, body: { code: 'disk-full', detail: 'No room.' } };
    await expect(clientAt(undefined).client.probe(url)).resolves.toBeUndefined();
  });

  it('tells whoever watches the address how each request went', async () => {
    const { client, told } = clientAt(url);
    await client.ask('w', 0, 1);
    answer = { status: 404, body: { code: 'worker-unknown', detail: 'Who?' } };
    await expect(client.ask('w', 0, 1)).rejects.toMatchObject({ code: 'worker-unknown' });
    answer = { status: 502, body: '<html>' };
    await expect(client.ask('w', 0, 1)).rejects.toMatchObject({ code: 'orchestrator-unreachable' });
    expect(told).toEqual(['reached', 'reached', 'missed']);
  });

  it('B9: takes an address that has become another cluster’s for one where nobody answers, and looks for its own', async () => {
    answer = otherCluster;
    const { client, told } = clientAt(url);
    await expect(client.ask('w', 0, 1)).rejects.toMatchObject({ code: 'orchestrator-unreachable' });
    expect(told).toEqual(['missed']);
  });

  it('B9: says that it is of another cluster where the address is given and stays', async () => {
    answer = otherCluster;
    await expect(clientAt(url, false).client.ask('w', 0, 1)).rejects.toMatchObject({ code: 'wrong-cluster' });
  });
});
