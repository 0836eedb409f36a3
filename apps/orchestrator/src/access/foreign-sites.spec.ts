import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { adminToken, lockedOrchestrator } from '../testing/locked-orchestrator.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

/** `fetch` does not let anybody say who they are served as, nor what a browser says of them. */
function send(url: string, method: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/api/v1/jobs`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once('error', reject).end();
  });
}

describe('a page of another site', () => {
  it('is not served under its own name, which it has made to point here, while everybody on this machine is an admin', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const { port } = new URL(orchestrator.url);
    const as = (host: string) => send(orchestrator.url, 'GET', { host });
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, '[::1]:1', 'LocalHost'])
      expect([host, await as(host)]).toEqual([host, 200]);
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '10.0.0.1'])
      expect([host, await as(host)]).toEqual([host, 403]);
  });

  it('changes nothing, with or without tokens', async () => {
    await using open = await OrchestratorOnFakes.start();
    await using locked = await lockedOrchestrator();
    for (const [{ url }, token] of [
      [open, {}],
      [locked, { authorization: `Bearer ${adminToken}` }],
    ] as const) {
      const { host } = new URL(url);
      const post = (headers: Record<string, string>) => send(url, 'POST', { host, ...token, ...headers });
      for (const origin of ['http://evil.example', 'null', `http://${host}.evil.example`, 'https://localhost:1']) {
        expect([origin, await post({ origin })]).toEqual([origin, 403]);
      }
      expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe(403);
      expect(await post({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).toBe(400);
      expect(await post({})).toBe(400);
      expect(await send(url, 'GET', { host, ...token, 'sec-fetch-site': 'cross-site' })).toBe(200);
    }
  });

  it('can neither frame nor keep what it is answered', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const { headers } = await orchestrator.ask('GET', '/api/v1/jobs');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
