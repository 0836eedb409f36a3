import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { dashboardPolicy } from './serve-dashboard.js';

describe('the dashboard as it is served', () => {
  let folder: string;
  let orchestrator: OrchestratorOnFakes;

  beforeAll(async () => {
    // Hidden folders above it must not make it hidden.
    folder = join(await mkdtemp(join(tmpdir(), 'longshore-dashboard-')), '.hidden', 'dist');
    await mkdir(join(folder, 'assets'), { recursive: true });
    await writeFile(join(folder, 'index.html'), '<title>Longshore</title>');
    await writeFile(join(folder, 'assets', 'index-abc.js'), '1');
    await writeFile(join(folder, '.built-from'), 'secret');
    orchestrator = await OrchestratorOnFakes.start();
    orchestrator.dashboard = folder;
    await orchestrator.restart();
  });
  afterAll(async () => {
    await orchestrator[Symbol.asyncDispose]();
    await rm(join(folder, '..', '..'), { recursive: true });
  });

  const visit = (path: string, accept = 'text/html,application/xhtml+xml,*/*;q=0.8', method = 'GET') =>
    fetch(orchestrator.url + path, { method, headers: { accept } });

  it.each(['/', '/jobs/some-job/tasks', '/workers', '/no/such/page'])(
    'is one page at %s, for a browser',
    async (path) => {
      const answer = await visit(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(await answer.text()).toBe('<title>Longshore</title>');
    },
  );

  it('S17 S35: allows what this server serves, and nothing inline or from elsewhere', async () => {
    for (const path of ['/', '/index.html']) {
      expect((await visit(path)).headers.get('content-security-policy')).toBe(dashboardPolicy);
    }
    expect(dashboardPolicy).not.toMatch(/unsafe|https?:|data:|\*/);
    expect((await visit('/api/v1/jobs')).headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none'",
    );
  });

  it('lets files that never change be kept, and hidden ones be found by nobody', async () => {
    const asset = await visit('/assets/index-abc.js', '*/*');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await visit('/.built-from', '*/*')).status).toBe(404);
    expect((await visit('/../package.json', '*/*')).status).toBe(404);
  });

  it('stands before no route of the API, whatever is asked for', async () => {
    const jobs = await visit('/api/v1/jobs');
    expect([jobs.status, jobs.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/json/)]);
    for (const path of ['/healthz', '/readyz']) {
      expect((await visit(path)).headers.get('content-type')).toMatch(/json/);
    }
    expect((await visit('/api/v1/nowhere')).status).toBe(404);
    expect((await visit('/nowhere', 'application/json')).status).toBe(404);
    expect((await visit('/jobs', undefined, 'POST')).status).toBe(404);
    expect((await visit('/register')).status).toBe(405);
  });
});
