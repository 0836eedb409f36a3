/** What has to be undone when a suite ends, however it ends: the latest first, and each of them even if another one fails. */
export class Cleanup {
  #steps = [];

  defer(step) {
    this.#steps.push(step);
  }

  async run() {
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

/** Ends this process by a signal as its sender expects, after the clean-up; a second signal does not wait for it. */
export function endBySignal(cleanup) {
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.once(signal, () => {
      process.stderr.write(`\n${signal}: cleaning up ...\n`);
      process.once(signal, () => process.exit(code));
      cleanup
        .run()
        .catch((error) => process.stderr.write(`${error.message}\n`))
        .finally(() => process.exit(code));
    });
  }
}
