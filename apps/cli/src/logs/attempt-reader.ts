/** Finds the attempts that have ended, and has each printed once. */
import type { AttemptAnswer, TaskAnswer } from '@longshore/core/protocol';
import type { JobsClient } from '../client/jobs-client.js';
import { persistently } from '../client/patience.js';
import type { LogPrinter } from './log-printer.js';

export interface WantedAttempts {
  jobId: string;
  taskId: string | undefined;
  number: number | undefined;
  /** Those that were not completed, alone. */
  failed: boolean;
}

/** So many are remembered one by one; what ended well before the last pass is known to be printed. */
const remembered = 50_000;
const slackMs = 60_000;

export class AttemptReader {
  private readonly printed = new Set<string>();
  /** The latest end of an attempt that was seen; by the clock of the orchestrator, like every time here. */
  private latestEnd = 0;
  /** Everything that ended before this was printed. */
  private horizon = 0;

  constructor(
    private readonly client: JobsClient,
    private readonly wanted: WantedAttempts,
    private readonly printer: LogPrinter,
  ) {}

  /** Prints what is new, task by task in the order of the job's objects. */
  async pass(signal: AbortSignal): Promise<void> {
    const known = this.latestEnd - slackMs;
    const { taskId, jobId } = this.wanted;
    if (taskId !== undefined) return this.look(taskId, signal);
    for await (const task of this.client.tasks.every(jobId)) {
      signal.throwIfAborted();
      if (this.mayHaveNews(task)) await this.look(task.id, signal);
    }
    this.horizon = Math.max(this.horizon, known);
  }

  /** Prints what is new of one task. */
  async look(taskId: string, signal: AbortSignal): Promise<void> {
    const ended = await persistently(() => this.ended(taskId), signal);
    for (const { number } of ended) {
      signal.throwIfAborted();
      const attempt = await persistently(() => this.client.tasks.attempt(taskId, number), signal);
      this.printer.print(taskId, attempt);
      this.remember(`${taskId}.${number}`);
    }
  }

  private mayHaveNews({ fence, ended_at: endedAt }: TaskAnswer): boolean {
    return fence > 0 && (endedAt === undefined || Date.parse(endedAt) >= this.horizon);
  }

  private async ended(taskId: string): Promise<AttemptAnswer[]> {
    const found: AttemptAnswer[] = [];
    for await (const attempt of this.client.tasks.attempts(taskId)) {
      const { number, outcome, ended_at: endedAt } = attempt;
      if (outcome === 'running' || this.printed.has(`${taskId}.${number}`)) continue;
      const end = Date.parse(endedAt ?? '');
      if (end < this.horizon) continue;
      this.latestEnd = Math.max(this.latestEnd, end || 0);
      if (this.isWanted(attempt)) found.push(attempt);
    }
    return found;
  }

  private isWanted({ number, outcome }: AttemptAnswer): boolean {
    const { number: only = number, failed } = this.wanted;
    return number === only && !(failed && outcome === 'completed');
  }

  private remember(attempt: string): void {
    this.printed.add(attempt);
    const [oldest] = this.printed;
    if (this.printed.size > remembered && oldest !== undefined) this.printed.delete(oldest);
  }
}
