/** The version of this orchestrator, as its package says. */
import { readFileSync } from 'node:fs';

const description = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');

export const ownVersion = (JSON.parse(description) as { version: string }).version;
