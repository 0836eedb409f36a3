import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('the page that describes the API', () => {
  it('holds every route and schema, and nothing that a strict browser would refuse', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const response = await fetch(`${orchestrator.url}/api/v1/docs`);
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const { path } of orchestrator.routes) {
      expect(page).toContain(`<code>${path.replaceAll(/:(\w+)/g, '{$1}')}</code>`);
    }
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !page.includes(`id="${id}"`))).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|https?:\/\//);
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });
});
