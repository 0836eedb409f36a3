/** For terminals: a screen that is drawn in place. */
import { createLogUpdate } from 'log-update';
import type { Told } from '../client/job-events.js';
import { board } from './board.js';
import { newsOf } from './news.js';
import type { Snapshot } from './snapshot.js';
import type { View } from './watch-job.js';

const newsKept = 50;

export class LiveView implements View {
  readonly wantsAll = true;
  private readonly draw: ReturnType<typeof createLogUpdate>;
  private readonly news: string[] = [];
  private last: Snapshot | undefined;
  private isLost = false;
  private readonly again = (): void => this.redraw();

  constructor(private readonly terminal: NodeJS.WriteStream) {
    this.draw = createLogUpdate(terminal);
    terminal.on('resize', this.again);
  }

  told(one: Told): void {
    if (one.kind !== 'event') this.isLost = one.kind === 'lost';
    const time = new Date().toTimeString().slice(0, 8);
    this.news.push(...newsOf(one).map((line) => `${time}  ${line}`));
    this.news.splice(0, this.news.length - newsKept);
    if (one.kind === 'lost') this.redraw();
  }

  show(snapshot: Snapshot): void {
    this.last = snapshot;
    this.redraw();
  }

  /** Leaves what is drawn, and gives the cursor back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.terminal.off('resize', this.again);
    this.draw.done();
  }

  private redraw(): void {
    if (!this.last) return;
    const { columns = 80, rows = 24 } = this.terminal;
    const screen = { columns, rows, now: Date.now(), news: this.news, isLost: this.isLost };
    this.draw(board(this.last, screen).join('\n'));
  }
}
