/** The dashboard where a token is needed: who shows none sees nothing. */
import { describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.js';
import { Cluster } from './support/cluster.js';
import { DashboardPage } from './support/dashboard-page.js';
import { Sandbox } from './support/sandbox.js';
import { picture } from './support/screenshots.js';

describe('the dashboard of an orchestrator with tokens', () => {
  it('S1: lets in who shows a token, keeps it in the tab alone, and forgets it', async () => {
    const admin = 'dashboard-story-admin-0123456789abcdef';
    await using sandbox = await Sandbox.open();
    await using cluster = await Cluster.start(sandbox, { LONGSHORE_ADMIN_TOKEN: admin });
    await using browser = await Browser.open();
    const page = await browser.page();
    const seen = new DashboardPage(page, cluster.url);
    await seen.visit('/workers');
    await seen.signIn('wrong-token-wrong-token-wrong');
    await page.getByRole('alert').waitFor();
    expect(await browser.barriers(page)).toEqual([]);
    await picture(page, 'sign-in');
    await seen.signIn(admin);
    await page.getByText('No worker is here').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('No worker is here').waitFor();
    expect(await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }]))).not.toContain(admin);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    browser.expectQuiet();
  });
});
