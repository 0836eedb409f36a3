/** A file that is touched for as long as the main thread turns. Whoever checks the health of a worker looks at its age. */
import { rmSync, writeFileSync } from 'node:fs';
import { messageOf } from '@longshore/core';

const everyMs = 5_000;

export class HealthFile implements Disposable {
  private readonly timer: NodeJS.Timeout;
  private complained = false;

  /** @param path nothing is written without one */
  constructor(
    private readonly path: string | undefined,
    private readonly warn: (line: string) => void,
    intervalMs = everyMs,
  ) {
    this.touch();
    this.timer = setInterval(() => this.touch(), intervalMs);
    this.timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
    if (this.path !== undefined) rmSync(this.path, { force: true });
  }

  private touch(): void {
    if (this.path === undefined) return;
    try {
      writeFileSync(this.path, new Date().toISOString());
    } catch (thrown) {
      // Work goes on; it only looks ill.
      if (!this.complained) this.warn(`The health file cannot be written: ${messageOf(thrown)}.`);
      this.complained = true;
    }
  }
}
