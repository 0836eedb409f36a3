/** Watches what a command writes while it runs, and ends it before it fills the disk of the worker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { formatBytes, LongshoreError } from '@longshore/core';
import { diskFull, freeBytes } from './free-space.js';
import { isOver, measureOutputs, type OutputLimits, type OutputMeasure } from './measure-outputs.js';

/** One question to the file system, however much lies in it. */
const lookEveryMs = 500;

/** A measurement takes about 10 ms for 1,000 files; at most a tenth of the time is spent on it. */
const restForEachMs = 10;

export interface GuardedOutputs extends OutputLimits {
  folder: string;
  /** The disk is never filled further than to this. */
  keepFreeBytes: number;
}

export class OutputGuard implements Disposable {
  private readonly broken = new AbortController();
  private readonly over = new AbortController();

  constructor(private readonly outputs: GuardedOutputs) {
    void this.watch();
  }

  /** Aborted with `output-too-large`, `too-many-outputs` or `disk-full`. */
  get signal(): AbortSignal {
    return this.broken.signal;
  }

  /**
   * The last word, once the command has ended: it may have ended because it ran into a limit.
   *
   * @throws LongshoreError `output-too-large` or `too-many-outputs`
   */
  async settle(log: string): Promise<void> {
    this[Symbol.dispose]();
    const measure = await measureOutputs(this.outputs.folder, this.outputs);
    if (isOver(measure, this.outputs)) throw tooMuch(measure, this.outputs, log);
  }

  [Symbol.dispose](): void {
    this.over.abort();
  }

  private async watch(): Promise<void> {
    const { folder, keepFreeBytes } = this.outputs;
    let measureAt = 0;
    let freeThen = Infinity;
    let leftThen = 0;
    try {
      for (;;) {
        await sleep(lookEveryMs, undefined, { signal: this.over.signal });
        const free = await freeBytes(folder);
        // A fast writer shows in the free space at once, however long the next measurement is off.
        const suspicious = freeThen - free > leftThen / 2;
        if (suspicious || performance.now() >= measureAt) {
          const startedAt = performance.now();
          const measure = await measureOutputs(folder, this.outputs);
          const endedAt = performance.now();
          if (isOver(measure, this.outputs)) return this.broken.abort(tooMuch(measure, this.outputs));
          measureAt = endedAt + restForEachMs * (endedAt - startedAt);
          freeThen = free;
          leftThen = this.outputs.outputBytes - measure.bytes;
        }
        if (free < keepFreeBytes) return this.broken.abort(noRoom(free));
      }
    } catch {
      // Either the command is over, or its folder cannot be looked at now; the last word is said when it has ended.
    }
  }
}

function tooMuch({ bytes, tooDeep }: OutputMeasure, limits: OutputLimits, log?: string): LongshoreError {
  const facts = log === undefined ? {} : { log };
  if (tooDeep) {
    return new LongshoreError('too-many-outputs', 'The command nested folders deeper than any path reaches.', {
      ...facts,
      remedy: 'Mend the command.',
    });
  }
  if (bytes > limits.outputBytes) {
    return new LongshoreError(
      'output-too-large',
      `The outputs take more than the ${formatBytes(limits.outputBytes)} they are given.`,
      { ...facts, remedy: 'Raise container.resources.outputBytes of the plugin, or put fewer objects in a task.' },
    );
  }
  return new LongshoreError(
    'too-many-outputs',
    `The command left more than the ${limits.outputFiles} files and folders it may in its outputs.`,
    { ...facts, remedy: 'Raise container.resources.outputFiles of the plugin, or put fewer objects in a task.' },
  );
}

function noRoom(free: number): LongshoreError {
  return diskFull(`The disk of the workspaces had only ${formatBytes(free)} left, so the command was stopped.`);
}
