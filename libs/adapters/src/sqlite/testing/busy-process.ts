/** A process of its own that holds a state file and changes it without end, to be killed in the middle. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface BusyProcess {
  /** What it has said so far: `opened`, `refused <code>`, or an acknowledged change as `job <id> <state>` or `task <id> <state>`. */
  said: readonly string[];
  /** Waits until it has said so many lines, or has ended. */
  hasSaid(lines: number): Promise<void>;
  /** Kills it as a power cut would, and waits until it is gone and all it said is here. */
  kill(): Promise<void>;
}

/** @param name begins the ids of everything it makes */
export function startBusyProcess(path: string, name: string): BusyProcess {
  const [sources, program] = ['./sources.mjs', './busy-store.mjs'].map((file) =>
    fileURLToPath(new URL(file, import.meta.url)),
  ) as [string, string];
  const child = spawn(process.execPath, ['--import', sources, program, path, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => said.push(line));
  let ended = false;
  const end = once(lines, 'close').then(() => (ended = true));
  return {
    said,
    hasSaid: async (count) => {
      while (said.length < count && !ended) await Promise.race([once(lines, 'line'), end]);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await end;
    },
  };
}
