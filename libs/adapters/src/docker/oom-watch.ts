/**
 * Notices when the kernel kills a process of a container for its memory limit. Exit code 137 cannot tell: any SIGKILL gives it, and a
 * shell whose child was killed may well end with 0. `State.OOMKilled` stays false for an exec, so the engine's events are the witness.
 */
import { addAbortSignal, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineConnection } from './engine-connection.js';
import { jsonLines } from './json-lines.js';

/**
 * The engine tells an exit and its events over two connections, so an exit may be read first. These two it tells behind the events of the
 * command: the list of processes that is asked for afterwards, and the end of the container itself.
 */
const MARKERS = ['top', 'die'];
const MARKER_WITHIN_MS = 500;

/** With cgroup v1 the event came before the exit in nearly every run; with v2 the two come from different watchers. */
const LATE_EVENT_MS = 200;
const STEP_MS = 20;

interface EngineEvent {
  Action: string;
}

export class OomWatch implements Disposable {
  private seen = false;
  private caughtUp = new AbortController();

  private constructor(private readonly events: Readable) {
    void this.listen();
  }

  /** Resolves when the engine has accepted the subscription. */
  static async open(connection: EngineConnection, containerId: string, signal?: AbortSignal): Promise<OomWatch> {
    const events = (await connection.ask('subscribing to events', (abortSignal) =>
      connection.docker.getEvents({
        filters: { container: [containerId], event: ['oom', ...MARKERS] },
        abortSignal,
      } as Parameters<typeof connection.docker.getEvents>[0]),
    )) as Readable;
    return new OomWatch(signal ? addAbortSignal(signal, events) : events);
  }

  /**
   * Whether it happened. To be asked when the container has ended, or its processes were listed after the command's end. An exit code of
   * 137 is reason enough to wait for an event that is later still.
   */
  async happened(exitCode: number): Promise<boolean> {
    if (!this.seen) await sleep(MARKER_WITHIN_MS, undefined, { signal: this.caughtUp.signal }).catch(() => undefined);
    for (let waited = 0; !this.seen && exitCode === 137 && waited < LATE_EVENT_MS; waited += STEP_MS) {
      await sleep(STEP_MS);
    }
    return this.seen;
  }

  /** Before another command in the same container: what happened to one is not held against the next. */
  forget(): void {
    this.seen = false;
    if (!this.events.destroyed) this.caughtUp = new AbortController();
  }

  [Symbol.dispose](): void {
    this.events.destroy();
  }

  private async listen(): Promise<void> {
    try {
      for await (const { Action } of jsonLines<EngineEvent>(this.events)) {
        if (Action === 'oom') this.seen = true;
        else this.caughtUp.abort();
      }
    } catch {
      // The subscription ends with the command or with the engine; in the latter case the command's own stream reports it.
    } finally {
      this.caughtUp.abort();
    }
  }
}
