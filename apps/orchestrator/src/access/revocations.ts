/** Ends what goes on for a caller whose token is revoked meanwhile. */
import { Injectable } from '@nestjs/common';
import { Happenings } from '../events/happenings.js';
import type { Caller } from './caller.js';
import { TokenBook } from './token-book.js';

@Injectable()
export class Revocations {
  constructor(
    private readonly happenings: Happenings,
    private readonly book: TokenBook,
  ) {}

  /**
   * Calls `end` once when the token is revoked.
   *
   * @returns a function that ends the watch
   * @throws LongshoreError when it was revoked before the watch began
   */
  async watch(caller: Caller | undefined, end: () => void): Promise<() => void> {
    const shown = caller?.shown;
    if (!shown) return () => undefined;
    const leave = this.happenings.tokensRevoked.subscribe((ended) => {
      if (ended.some(({ id }) => id === shown.token.id)) end();
    });
    try {
      await this.book.verify(shown.hash);
    } catch (thrown) {
      leave();
      throw thrown;
    }
    return leave;
  }
}
