/** Scratch tables in memory: the fake of tests. */
import { Scratch, ScratchTable } from '../ports/scratch.js';

class MemoryTable extends ScratchTable {
  private readonly values = new Map<string, string>();

  constructor(private readonly onClose: () => void) {
    super();
  }

  async put(entries: readonly (readonly [string, string])[]): Promise<void> {
    for (const [name, value] of entries) this.values.set(name, value);
  }

  async get(names: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const name of names) {
      const value = this.values.get(name);
      if (value !== undefined) found.set(name, value);
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.onClose();
  }
}

export class MemoryScratch extends Scratch {
  /** Tables that nobody has disposed of. */
  openTables = 0;

  async open(): Promise<ScratchTable> {
    this.openTables += 1;
    return new MemoryTable(() => (this.openTables -= 1));
  }
}
