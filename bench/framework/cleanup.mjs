/** What has to be undone when a suite ends, however it ends: the latest first, and each of them even if another one fails. */
export class Cleanup {
  #steps = [];
  #running = Promise.resolve();
  #closed = false;

  defer(step) {
    this.expectOpen();
    this.#steps.push(step);
  }

  /** Whoever asks again while it runs waits for the same end. */
  run() {
    const run = this.#running.then(() => this.#undo());
    this.#running = run.catch(() => undefined);
    return run;
  }

  /** The last time: what still runs is to begin nothing that nobody would undo. */
  close() {
    this.#closed = true;
    return this.run();
  }

  expectOpen() {
    if (this.#closed) throw new Error('The bench is being ended');
  }

  async #undo() {
    const faults = [];
    while (this.#steps.length > 0) {
      try {
        await this.#steps.pop()();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, `Cleaning up: ${faults.map(String).join('; ')}`);
  }
}

/**
 * Ends this process by a signal as its sender expects, after the clean-ups in their order; a second signal does not wait for them.
 * What is returned is true from the signal on: what fails now fails for that, and the process ends by itself.
 */
export function endBySignal(cleanups) {
  let interrupted = false;
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.once(signal, () => {
      interrupted = true;
      process.stderr.write(`\n${signal}: cleaning up ...\n`);
      process.once(signal, () => process.exit(code));
      void endAll(cleanups).finally(() => process.exit(code));
    });
  }
  return () => interrupted;
}

async function endAll(cleanups) {
  for (const cleanup of cleanups) {
    await cleanup.close().catch((error) => process.stderr.write(`${error.message}\n`));
  }
}
