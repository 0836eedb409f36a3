/** The peers that a suite may ask for. Each is installed and started when it is asked for, and stopped by the clean-up it is given. */
import { ensureCelery } from '../../scripts/setup/bench-celery.mjs';
import { postgresql } from './postgresql.mjs';
import { awsCli, docker, moto, rclone } from './programs.mjs';
import { redis } from './redis.mjs';

/** Its workers are started by the suite; what they work on is a Redis as it is by default. */
async function celery(cleanup) {
  const found = await ensureCelery();
  return { ...found, url: (await redis(cleanup)).url };
}

export const setUps = { 'aws-cli': awsCli, celery, docker, moto, postgresql, rclone, redis };
