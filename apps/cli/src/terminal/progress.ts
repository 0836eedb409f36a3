/** Shows how a job goes: one live line on a terminal, a plain line now and then elsewhere. Talk goes to stderr. */
import type { JobAnswer } from '@longshore/core/protocol';
import { progressBar, progressLine } from './job-text.js';

const plainEveryMs = 5_000;

export interface Progress {
  show(job: JobAnswer): void;
  say(line: string): void;
  end(): void;
}

export function createProgress(quiet: boolean): Progress {
  if (quiet) return { show: () => undefined, say: () => undefined, end: () => undefined };
  return process.stderr.isTTY ? new LiveProgress() : new PlainProgress();
}

class LiveProgress implements Progress {
  show(job: JobAnswer): void {
    process.stderr.write(`\r\u001b[2K${progressBar(job, Date.now())}`);
  }

  say(line: string): void {
    process.stderr.write(`\r\u001b[2K${line}\n`);
  }

  end(): void {
    process.stderr.write('\r\u001b[2K');
  }
}

class PlainProgress implements Progress {
  private last = '';
  private lastAt = 0;

  show(job: JobAnswer): void {
    const line = progressLine(job, Date.now());
    if (line === this.last || performance.now() - this.lastAt < plainEveryMs) return;
    this.last = line;
    this.lastAt = performance.now();
    this.say(line);
  }

  say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  end(): void {
    this.last = '';
  }
}
