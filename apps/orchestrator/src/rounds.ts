/** Work that comes round again by the clock and is never done twice at once. */
import type { SchedulerRegistry } from '@nestjs/schedule';

export interface Round {
  /** Of its interval, as the scheduler knows it. */
  name: string;
  work: () => Promise<unknown>;
  failed: (thrown: unknown) => void;
}

export class Rounds {
  private current: Promise<void> | undefined;

  constructor(
    private readonly schedule: SchedulerRegistry,
    private readonly round: Round,
  ) {}

  start(everyMs: number): void {
    this.schedule.addInterval(
      this.round.name,
      setInterval(() => this.go(), everyMs),
    );
  }

  /** Begins a round, unless one is under way. */
  go(): void {
    const { work, failed } = this.round;
    this.current ??= work()
      .then(() => undefined, failed)
      .finally(() => (this.current = undefined));
  }

  /** Begins no more, and waits for the one that is under way. */
  async stop(): Promise<void> {
    const { name } = this.round;
    if (this.schedule.doesExist('interval', name)) this.schedule.deleteInterval(name);
    await this.current;
  }
}
