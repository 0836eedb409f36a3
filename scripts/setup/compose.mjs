import { aptInstall, aptKnows, canUseApt } from './apt.mjs';
import { succeeds } from './command.mjs';

/** The command of Compose as words: the plugin of the newer command line, or the program that stands alone. */
export async function composeCommand() {
  if (await succeeds('docker', ['compose', 'version'])) return ['docker', 'compose'];
  if (await succeeds('docker-compose', ['version'])) return ['docker-compose'];
  return undefined;
}

/** Makes sure that Docker Compose is there, with which the compose file is tried out. */
export async function ensureCompose() {
  if (await composeCommand()) return 'present';
  if (!(await canUseApt())) {
    throw new Error('Docker Compose is not installed. Install it with the package manager of this machine.');
  }
  await aptInstall([(await aptKnows('docker-compose-v2')) ? 'docker-compose-v2' : 'docker-compose']);
  return 'installed';
}
