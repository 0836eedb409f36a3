import { existsSync } from 'node:fs';

import { aptInstall, canUseApt } from './apt.mjs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Makes sure that there is a browser for the tests of the dashboard; LONGSHORE_CHROMIUM names another one. */
export async function ensureChromium() {
  if (chromiumPath() !== undefined) return 'present';
  if (!(await canUseApt())) {
    throw new Error(
      'No Chromium was found. Install it with the package manager of this machine, or name one with LONGSHORE_CHROMIUM.',
    );
  }
  // Without fonts a page has no letters.
  await aptInstall(['chromium', 'fonts-dejavu-core']);
  return 'installed';
}

export function chromiumPath() {
  const named = process.env.LONGSHORE_CHROMIUM;
  return [...(named ? [named] : []), ...PLACES].find((place) => existsSync(place));
}
