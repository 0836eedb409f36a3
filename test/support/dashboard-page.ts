/** A page of the dashboard as a person uses it: looks for words, presses buttons, does what dialogs are for. */
import { readFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';

export class DashboardPage {
  constructor(
    readonly page: Page,
    private readonly url: string,
  ) {}

  async visit(path: string): Promise<void> {
    await this.page.goto(this.url + path);
  }

  async signIn(token: string): Promise<void> {
    await this.page.getByLabel('Token').fill(token);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  text(words: string | RegExp): Locator {
    return this.page.getByText(words).first();
  }

  async sees(...words: (string | RegExp)[]): Promise<void> {
    for (const each of words) await this.text(each).waitFor();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name }).and(this.page.locator(':visible'));
  }

  /** Waits until the page says that what it is about is in this state. */
  async state(of: string, timeout = 30_000): Promise<void> {
    await this.page.locator('main .state', { hasText: of }).first().waitFor({ timeout });
  }

  /** Waits until so many rows are there. */
  async rows(count: number): Promise<void> {
    await this.page.waitForFunction((wanted) => document.querySelectorAll('tbody tr').length === wanted, count);
  }

  /** Saves a file by a button whose dialog says which command does the same. */
  async save(button: Locator): Promise<{ command: string; name: string; lines: string[] }> {
    await button.click();
    const dialog = this.page.getByRole('dialog').and(this.page.locator('[open]'));
    const command = await dialog.locator('.command code').innerText();
    const save = dialog.getByRole('button', { name: 'Save' });
    const [download] = await Promise.all([this.page.waitForEvent('download'), save.click()]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    await dialog
      .getByRole('status')
      .getByText(/It is saved as/)
      .waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    return { command, name: download.suggestedFilename(), lines };
  }

  /** Does what a button is for, in its dialog, which says which command does the same; what came of it is said at the foot. */
  async act(name: string, confirm: string, command: RegExp, result: RegExp): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).first().click();
    const dialog = this.page.getByRole('dialog').and(this.page.locator('[open]'));
    expect(await dialog.locator('.command code').innerText()).toMatch(command);
    await dialog.getByRole('button', { name: confirm, exact: true }).click();
    const foot = this.page.locator('.foot');
    expect(await foot.locator('p').innerText()).toMatch(result);
    await foot.getByRole('button', { name: 'Close' }).click();
    expect(await dialog.count()).toBe(0);
  }
}
