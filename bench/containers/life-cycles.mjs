// One place for a command, opened once and used for many: a container of a life cycle of ours, or the command line of Docker.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { DockerContainerEngine } from '@longshore/adapters/docker';

const run = promisify(execFile);

const IMAGE = 'busybox:1.36';
const NO_OP = ['true'];
const LABEL = 'longshore.bench';

/** The limits are those of a plugin; the user is never root. */
function specOf(number, warm) {
  return {
    image: IMAGE,
    name: `longshore-bench-${randomUUID()}-${number}`,
    labels: { [LABEL]: 'containers' },
    mounts: [],
    resources: { cpus: 2, memory: '64MiB', pids: 32 },
    network: 'none',
    user: '65534:65534',
    ...(warm && { warm }),
  };
}

/** The same walls as ours, as far as they are written with flags. */
const WALLS = [
  [
    '--network',
    'none',
    '--cap-drop',
    'ALL',
    '--security-opt',
    'no-new-privileges',
    '--read-only',
    '--user',
    '65534:65534',
  ],
  ['--memory', '64m', '--memory-swap', '64m', '--pids-limit', '32', '--init', '--log-driver', 'none'],
  ['--label', `${LABEL}=containers`],
].flat();

/** Each opens a place: `task` does the no-op once, `close` leaves nothing behind. */
export const places = {
  warm: (number) => inContainer(specOf(number, true)),
  'long-lived': (number) => inContainer(specOf(number)),
  'per-task': async (number) => {
    const engine = new DockerContainerEngine();
    const task = async () => wellEnded(await engine.run(specOf(number), { argv: NO_OP }));
    return { task, close: async () => undefined };
  },
  'docker exec': async () => {
    const { stdout } = await run('docker', ['run', '--detach', ...WALLS, '--entrypoint', 'sleep', IMAGE, '2147483647']);
    const id = stdout.trim();
    return {
      task: () => run('docker', ['exec', id, ...NO_OP]),
      close: () => run('docker', ['rm', '--force', id]),
    };
  },
  'docker run --rm': async () => ({
    task: () => run('docker', ['run', '--rm', ...WALLS, '--entrypoint', NO_OP[0], IMAGE]),
    close: async () => undefined,
  }),
};

async function inContainer(spec) {
  const engine = new DockerContainerEngine();
  const container = await engine.start(spec);
  const close = () => engine.remove(container);
  if (spec.warm && !container.warm) {
    await close();
    throw new Error('the container cannot be kept warm');
  }
  return { task: async () => wellEnded(await engine.exec(container, { argv: NO_OP })), close };
}

function wellEnded({ exitCode, leftProcesses }) {
  if (exitCode !== 0 || leftProcesses) throw new Error(`the no-op ended with ${exitCode}`);
}
