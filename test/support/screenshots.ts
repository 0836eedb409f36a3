/** Pictures of the dashboard for the docs, taken where the story stands: in light, in dark, and as wide as a phone. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { desktop, phone } from './browser.js';

/** Where they go; without it none is taken, because it takes time. */
const folder = process.env.LONGSHORE_SCREENSHOTS;

export async function picture(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.evaluate(() => window.scrollTo(0, 0));
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await settle(page);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(phone);
  await settle(page);
  await page.screenshot({ path: join(folder, `${name}-phone.png`) });
  await page.setViewportSize(desktop);
  await settle(page);
}

/** Until colours have changed and charts are drawn anew. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(350);
}
