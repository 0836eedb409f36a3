/**
 * How often the kernel has killed for memory in the container that this process is in. Whose process it was is not told: a kill counts for every
 * command that runs meanwhile.
 */
import { readFile } from 'node:fs/promises';

/** Of cgroup v2 and v1; both have a line `oom_kill <number>`. */
const files = ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'];

export class OomCounter {
  constructor(private readonly paths: readonly string[] = files) {}

  /** 0 where nobody counts. */
  async read(): Promise<number> {
    for (const path of this.paths) {
      const text = await readFile(path, 'utf8').catch(() => '');
      const [, count] = /^oom_kill (\d+)$/m.exec(text) ?? [];
      if (count !== undefined) return Number(count);
    }
    return 0;
  }
}
