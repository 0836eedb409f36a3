/** The programs that move objects, each as a command that gets everything below a prefix, or puts a folder there. */
import path from 'node:path';

const here = import.meta.dirname;
const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };
const nowhere = path.join(here, 'no-such-file');
/** Nobody's own settings. */
const env = {
  ...keys,
  AWS_CA_BUNDLE: undefined,
  AWS_CONFIG_FILE: nowhere,
  AWS_SHARED_CREDENTIALS_FILE: nowhere,
  RCLONE_CONFIG: '',
};

/** Each is a function of what is moved: `get` or `put`, the address of the server, a prefix, and a folder. */
export const own = {
  longshore: (move) => ({ command: node('longshore.mjs', move), env }),
  'AWS SDK alone': (move) => ({ command: node('sdk.mjs', move), env }),
};

export function rclone(program) {
  return ({ verb, endpoint, prefix, folder }) => {
    const settings = { type: 's3', provider: 'Other', env_auth: 'true', endpoint, force_path_style: 'true' };
    const named = Object.entries(settings).map(([name, value]) => [`RCLONE_CONFIG_BENCH_${name.toUpperCase()}`, value]);
    const remote = `bench:bench/${prefix}`;
    const places = verb === 'get' ? [remote, folder] : [folder, remote];
    const more = ['--transfers', '16', '--checkers', '16', '--s3-no-check-bucket', '--no-update-modtime'];
    return { command: [program, 'copy', ...places, ...more], env: { ...env, ...Object.fromEntries(named) } };
  };
}

export function awsCli(program) {
  return ({ verb, endpoint, prefix, folder }) => {
    const remote = `s3://bench/${prefix}`;
    const places = verb === 'get' ? [remote, folder] : [folder, remote];
    return { command: [program, 's3', 'cp', '--recursive', '--quiet', '--endpoint-url', endpoint, ...places], env };
  };
}

function node(script, { verb, endpoint, prefix, folder }) {
  return [process.execPath, path.join(here, script), verb, endpoint, prefix, folder];
}
