/** Shows how a job goes: one live line on a terminal, a plain line now and then elsewhere. Talk goes to stderr. */
import type { JobAnswer } from '@longshore/core/protocol';
import { progressBar, progressLine, type Pace } from './job-text.js';

const plainEveryMs = 5_000;

export interface Progress {
  /** Whether anybody sees how fast the job goes. */
  readonly wantsPace: boolean;
  show(job: JobAnswer, pace?: Pace): void;
  say(line: string): void;
  end(): void;
}

export function createProgress(quiet: boolean): Progress {
  if (quiet) return { wantsPace: false, show: () => undefined, say: () => undefined, end: () => undefined };
  return process.stderr.isTTY ? new LiveProgress() : new PlainProgress();
}

class LiveProgress implements Progress {
  readonly wantsPace = true;

  show(job: JobAnswer, pace?: Pace): void {
    process.stderr.write(`\r\u001b[2K${progressBar(job, pace)}`);
  }

  say(line: string): void {
    process.stderr.write(`\r\u001b[2K${line}\n`);
  }

  end(): void {
    process.stderr.write('\r\u001b[2K');
  }
}

class PlainProgress implements Progress {
  readonly wantsPace = true;
  private last = '';
  private lastAt = 0;

  show(job: JobAnswer, pace?: Pace): void {
    const line = progressLine(job, pace);
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
