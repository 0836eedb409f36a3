// Healthy: it has registered, and its main thread has turned within the last half minute. The worker touches this file every five seconds.
import { statSync } from 'node:fs';

const { mtimeMs } = statSync(process.env.LONGSHORE_HEALTH_FILE);
process.exit(Date.now() - mtimeMs < 30_000 ? 0 : 1);
