/** Where the files of the dashboard are. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @returns undefined where it was not built: an orchestrator works without its page */
export function builtDashboard(): string | undefined {
  const folder = fileURLToPath(new URL('dist', import.meta.resolve('@longshore/dashboard/package.json')));
  return existsSync(join(folder, 'index.html')) ? folder : undefined;
}
