/** What was asked, what was answered, and whether every answer is still true. */
import type { JobStore } from '@longshore/core';

export interface Asked {
  what: string;
  /** `unknown` where no answer came: it may have happened, or not. */
  answer: 'ok' | 'unknown';
  /** Why the answer is not true any more, if so. */
  untrue?: (store: JobStore) => Promise<string | undefined>;
  /** Asks once more and says what is different, for what may be repeated. */
  again?: () => Promise<string | undefined>;
}

export class History {
  readonly asked: Asked[] = [];

  add(asked: Asked): void {
    this.asked.push(asked);
  }

  /** The answers that a store does not know of. */
  async lost(store: JobStore): Promise<string[]> {
    const found = await Promise.all(
      this.asked.map(async ({ what, untrue }) => {
        const why = await untrue?.(store);
        return why === undefined ? [] : [`"${what}" was answered, and ${why}`];
      }),
    );
    return found.flat();
  }

  /** The requests that are answered differently when they are repeated. */
  async changed(): Promise<string[]> {
    const different: string[] = [];
    for (const { what, again } of this.asked) {
      const why = await again?.();
      if (why !== undefined) different.push(`"${what}" was repeated, and ${why}`);
    }
    return different;
  }
}
