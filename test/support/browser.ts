/** A real browser before a real orchestrator, which notes everything that a page must never do. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import { chromium, type Browser as Chromium, type BrowserContextOptions, type Page } from 'playwright-core';
import { chromiumPath } from '../../scripts/setup/chromium.mjs';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

export class Browser implements AsyncDisposable {
  /** Reports against the policy, errors of pages, dialogs: whatever shows that something ran which must not. */
  readonly complaints: string[] = [];

  private constructor(private readonly chromium: Chromium) {}

  static async open(): Promise<Browser> {
    // In a container the browser runs as root, which its own sandbox does not allow.
    const options = { executablePath: chromiumPath() ?? 'chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] };
    return new Browser(await chromium.launch(options));
  }

  async page(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.chromium.newContext({ viewport: desktop, colorScheme: 'light', ...options });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    await context.exposeFunction('complain', (text: string) => void this.complaints.push(text));
    await context.addInitScript(() => {
      const { complain } = window as unknown as { complain: (text: string) => void };
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
        complain(`policy: ${violatedDirective} ${blockedURI} ${sourceFile}`),
      );
    });
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted Type/i.test(message.text())) this.complaints.push(message.text());
    });
    return page;
  }

  /** What keeps people from using the page at an address; without a part, on a phone as well. */
  async obstacles(page: Page, address: string, part?: 'contrast'): Promise<string[]> {
    await page.setViewportSize(desktop);
    await page.goto(address);
    await page.locator('h1').waitFor();
    await page.locator('.bones').first().waitFor({ state: 'detached' });
    const found = await this.barriers(page, part);
    if (part) return found;
    await page.setViewportSize(phone);
    await expectNoSideways(page);
    return found;
  }

  /**
   * Whether people who see or move less can use the page: WCAG 2.2 A and AA, contrast among them.
   *
   * @param part of it, where the rest was looked at in other colours
   */
  async barriers(page: Page, part?: 'contrast'): Promise<string[]> {
    await page.evaluate(await readFile(axePath, 'utf8'));
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const runOnly =
      part === undefined
        ? { type: 'tag' as const, values: tags }
        : { type: 'rule' as const, values: ['color-contrast'] };
    const found = await page.evaluate(
      async (options) => {
        const { axe } = window as unknown as { axe: Axe };
        return (await axe.run(document, options)).violations;
      },
      { runOnly },
    );
    return found.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
  }

  expectQuiet(): void {
    expect(this.complaints).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.chromium.close();
  }
}

interface Axe {
  run(
    where: Document,
    options: { runOnly: { type: 'tag' | 'rule'; values: string[] } },
  ): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>;
}

/** Nothing on the page reaches over its right edge. */
export async function expectNoSideways(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect([page.url(), Math.max(0, over)]).toEqual([page.url(), 0]);
}
