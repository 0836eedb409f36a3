/** What people were told, in the dashboard: for admins alone, with receivers that take it, want no more of it and are away. */
import { chmod } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { serveOnLoopback, type LoopbackServer } from '@longshore/adapters/testing';
import type { CreatedTokenAnswer, NotificationAnswer, PageAnswer } from '@longshore/core/protocol';
import type { Page } from 'playwright-core';
import { Browser, expectNoSideways, phone } from './support/browser.js';
import { Cluster } from './support/cluster.js';
import { DashboardPage } from './support/dashboard-page.js';
import { eventually } from './support/process.js';
import { Sandbox } from './support/sandbox.js';
import { picture } from './support/screenshots.js';

const admin = 'dashboard-notifications-admin-0123456789';

describe('notifications in the dashboard', () => {
  let sandbox: Sandbox;
  let cluster: Cluster;
  let browser: Browser;
  let page: Page;
  let seen: DashboardPage;
  const receivers: LoopbackServer[] = [];

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    for (const status of [204, 410, 503]) {
      receivers.push(await serveOnLoopback((_, response) => response.writeHead(status).end()));
    }
    const addresses = await sandbox.write('webhooks', receivers.map(({ url }) => url).join('\n'));
    const secret = await sandbox.write('secret', Buffer.alloc(32, 7).toString('base64'));
    await Promise.all([addresses, secret].map((path) => chmod(path, 0o600)));
    await sandbox.write('in/some.txt', '');
    cluster = await Cluster.start(sandbox, {
      LONGSHORE_ADMIN_TOKEN: admin,
      LONGSHORE_WEBHOOKS_FILE: addresses,
      LONGSHORE_WEBHOOK_SECRET_FILE: secret,
      LONGSHORE_WEBHOOK_ALLOW_PRIVATE: 'true',
    });
    browser = await Browser.open();
    page = await browser.page();
    seen = new DashboardPage(page, cluster.url);
  });
  afterEach(() => browser.expectQuiet());
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
    await Promise.all(receivers.map((receiver) => receiver[Symbol.asyncDispose]()));
    await sandbox[Symbol.asyncDispose]();
  });

  it('says that nobody was told anything, until something happens', async () => {
    await seen.visit('/notifications');
    await seen.signIn(admin);
    await seen.sees('Nobody was told anything yet', 'longshore notify preview');
    expect(await browser.barriers(page)).toEqual([]);
    const job = { plugin: 'echo', input: sandbox.path('in'), output: sandbox.path('out'), include: ['none'] };
    const { id } = await cluster.submit(job);
    await seen.rows(4);
    expect(await page.locator(`tbody a[href="/jobs/${id}"]`).count()).toBe(4);
  });

  it('shows what was sent, what waits and what was given up, each with its reason', async () => {
    const told = async () =>
      (await cluster.get<PageAnswer<NotificationAnswer>>('/api/v1/notifications')).items.map(({ state }) => state);
    await eventually(
      async () => (await told()).sort().join() === 'given-up,sent,sent,waiting' || undefined,
      20_000,
      () => 'each receiver to have answered',
    );
    await seen.sees(/answered 410/, /answered 503/);
    await picture(page, 'notifications');
    for (const [state, rows] of [
      ['sent', 2],
      ['waiting', 1],
      ['given up', 1],
    ] as const) {
      await seen.button(state).click();
      await seen.rows(rows);
      await seen.state(state);
    }
    await seen.button('all').click();
    await seen.rows(4);
  });

  it('sends an example by every channel, and shows what each answered', async () => {
    await seen.button('Send an example').click();
    await page.getByLabel('Event').selectOption('job-paused');
    await page.keyboard.press('Escape');
    await seen.act(
      'Send an example',
      'Send an example',
      /^longshore notify test --event job-paused$/,
      /^2 channels took the example of job-paused, 2 channels did not\./,
    );
    const answers = page.getByRole('region', { name: 'What each channel answered to job-paused' });
    const rows = answers.locator('tbody tr');
    expect(await rows.filter({ hasText: 'took it' }).count()).toBe(2);
    expect(await rows.filter({ hasText: /answered 410/ }).count()).toBe(1);
    expect(await rows.filter({ hasText: /answered 503/ }).count()).toBe(1);
    await picture(page, 'notifications-tried');
  });

  it('has no barriers, and fits a phone', async () => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect([colorScheme, await browser.barriers(page)]).toEqual([colorScheme, []]);
    }
    await page.setViewportSize(phone);
    await expectNoSideways(page);
  });

  it('S1: shows nothing of it to whoever is no admin', async () => {
    const response = await fetch(`${cluster.url}/api/v1/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
      body: JSON.stringify({ role: 'submit' }),
    });
    const { token } = (await response.json()) as CreatedTokenAnswer;
    const other = await browser.page();
    const looks = new DashboardPage(other, cluster.url);
    await looks.visit('/notifications');
    await looks.signIn(token);
    await other
      .getByRole('alert')
      .getByText(/needs a token of the role "admin"; yours is of "submit"/)
      .waitFor();
    await looks.button('Send an example').click();
    const dialog = other.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Send an example' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/needs a token of the role "admin"; yours is of "submit"/)
      .waitFor();
    expect(await other.locator('tbody tr').count()).toBe(0);
    expect(await browser.barriers(other)).toEqual([]);
    await other.context().close();
  });
});
