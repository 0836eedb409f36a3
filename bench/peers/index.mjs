/** The peers that a suite may ask for. Each is installed and started when it is asked for, and stopped by the clean-up it is given. */
import { awsCli, docker, moto, rclone } from './programs.mjs';

export const setUps = { docker, moto, rclone, 'aws-cli': awsCli };
