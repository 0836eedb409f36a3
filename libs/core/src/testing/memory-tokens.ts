/** The tokens of a job store that forgets everything when its process ends. */
import type { AccessToken } from '../access/access-token.js';
import { revoke } from '../access/token-rules.js';
import { LongshoreError } from '../errors/longshore-error.js';

/** What goes in and out is copied. */
export class MemoryTokens {
  private readonly tokens = new Map<string, AccessToken>();

  save(token: AccessToken): void {
    this.tokens.set(token.id, structuredClone(token));
  }

  get(id: string): AccessToken {
    const found = this.tokens.get(id);
    if (found) return structuredClone(found);
    throw new LongshoreError('token-not-found', `There is no token ${id}.`);
  }

  find(hash: string): AccessToken | undefined {
    const shows = ({ secrets }: AccessToken) => secrets.some((secret) => secret.hash === hash);
    return structuredClone([...this.tokens.values()].find(shows));
  }

  list(): AccessToken[] {
    return structuredClone([...this.tokens.values()].reverse());
  }

  revoke(id: string, now: number): AccessToken[] {
    const first = this.get(id);
    const rest = [...this.tokens.values()].filter(({ parentId }) => parentId === id);
    const ended = [first, ...rest]
      .filter(({ revokedAt }) => revokedAt === undefined)
      .map((token) => revoke(token, now));
    for (const token of ended) this.save(token);
    return structuredClone(ended);
  }
}
