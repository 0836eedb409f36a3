/** A job of a million objects costs whoever looks at it a page. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.js';
import { repository } from './support/process.js';

describe('a job of 1,000,000 objects', () => {
  let said = '';
  /** How long its pages took until what they are about was on the screen. */
  const pageMs: Record<string, number> = {};

  beforeAll(async () => {
    // 400 objects a task: about as large as tasks get, and stored in seconds.
    const bench = fork(join(repository, 'bench/million-objects.mjs'), ['1000000', '400'], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const output = text(bench.stdout!);
    const [{ url }] = (await once(bench, 'message')) as [{ url: string }];
    const browser = await Browser.open();
    const page = await browser.page();
    for (const [path, words] of Object.entries(pages)) {
      pageMs[path] = Infinity;
      // The quickest of some: what else runs on this machine is not the page's affair.
      for (let tries = 0; tries < 8 && pageMs[path] > 1_000; tries += 1) {
        await page.goto(url);
        await page.locator('tbody tr').first().waitFor();
        const before = performance.now();
        await page.goto(url + path);
        await page.getByText(words).first().waitFor();
        pageMs[path] = Math.min(pageMs[path], performance.now() - before);
      }
    }
    browser.expectQuiet();
    await browser[Symbol.asyncDispose]();
    bench.send('seen');
    said = await output;
  }, 120_000);

  const pages = {
    '/jobs/million': /of 1,000,000 objects/,
    '/jobs/million/tasks': /plate-000\/well-000000000\.tif/,
    '/jobs/million/dead-letters': /^Reason/,
  };

  it('is listed, shown, explained, counted and its dead letters told of in less than 100 KB and 200 ms each', () => {
    expect(said).toMatch(/^1000000 objects in 2500 tasks/);
    const lines = said.split('\n').filter((line) => line.startsWith('/'));
    expect(lines.length).toBeGreaterThan(22);
    for (const line of lines) expect(Number(line.split(/\s+/)[1])).toBeLessThan(100_000);
    expect(lines.filter((line) => /large|slow/.test(line))).toEqual([]);
  });

  it('is on the screen of a browser within a second', () => {
    for (const [path, ms] of Object.entries(pageMs)) expect([path, Math.max(1_000, ms)]).toEqual([path, 1_000]);
  });

  it('is redriven and cancelled while others are answered', () => {
    const [redriven, cancelled] = said.match(/nobody waited longer than [\d.]+ ms/g) ?? [];
    // Some 100 ms where nothing else runs; a machine that is busy with other stories takes several times as long for everything.
    for (const line of [redriven, cancelled]) expect(Number(/[\d.]+/.exec(line ?? '')?.[0])).toBeLessThan(3_000);
  });
});
