/** The peers that a suite may ask for. Each is installed and started when it is asked for, and stopped by the clean-up it is given. */
import { ensureCelery } from '../../scripts/setup/bench-celery.mjs';
import { postgresql } from './postgresql.mjs';
import { awsCli, docker, moto, rclone } from './programs.mjs';
import { redis } from './redis.mjs';

/** Celery itself is a program of the suite; it works on Redis. */
const celery = () => ensureCelery();

export const setUps = { 'aws-cli': awsCli, celery, docker, moto, postgresql, rclone, redis };
