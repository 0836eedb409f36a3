/** Which GPUs this machine has, as NVIDIA's own tool lists them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Gpus {
  count: number;
  /** Such as `Tesla T4`; different ones are separated by commas. */
  name: string;
}

/** The first call after a boot loads the driver, which takes seconds; one that hangs must not keep the worker. */
const withinMs = 10_000;

/** @returns undefined where there is none, or nobody can tell */
export async function findGpus(program = 'nvidia-smi', limitMs = withinMs): Promise<Gpus | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ['-L'], { timeout: limitMs, killSignal: 'SIGKILL' });
    return readGpus(stdout);
  } catch {
    return undefined;
  }
}

/** Lines such as `GPU 0: Tesla T4 (UUID: GPU-4b5e...)`; parts of a GPU are indented below it. */
function readGpus(list: string): Gpus | undefined {
  const names = [...list.matchAll(/^GPU \d+: (.*?)(?: \(UUID: .*)?$/gm)].map(([, name = '']) => name);
  return names.length === 0 ? undefined : { count: names.length, name: [...new Set(names)].join(', ').slice(0, 255) };
}
