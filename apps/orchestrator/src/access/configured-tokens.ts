/** Brings the tokens of the configuration into the store at the start, and refuses to serve others where there is no token. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chance, Clock, JobStore, LongshoreError, type AccessToken } from '@longshore/core';
import type { ConfiguredToken } from '../configuration/access-settings.js';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Audit } from './audit.js';
import { TokenBook } from './token-book.js';

@Injectable()
export class ConfiguredTokens implements OnModuleInit {
  constructor(
    private readonly config: OrchestratorConfig,
    private readonly book: TokenBook,
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly audit: Audit,
  ) {}

  /** @throws LongshoreError `invalid-configuration` */
  async onModuleInit(): Promise<void> {
    await this.book.open();
    await this.endOldOnes();
    for (const token of this.config.access.tokens) await this.add(token);
    if (!this.config.isLoopback && !this.book.isLocked) throw openToOthers(this.config.host);
    if (this.book.isLocked && !(await this.hasAdmin())) throw nobodyIsAdmin();
  }

  /** There was one at some time, who may come back with LONGSHORE_ADMIN_TOKEN. */
  private async hasAdmin(): Promise<boolean> {
    for await (const { role } of this.everyToken()) if (role === 'admin') return true;
    return false;
  }

  private async add({ setting, role, hash }: ConfiguredToken): Promise<void> {
    const known = await this.store.findToken(hash);
    if (known) await this.goOn(known, setting);
    else {
      const token = {
        id: this.chance.id(),
        role,
        secrets: [{ hash }],
        label: setting,
        createdAt: this.clock.now(),
        uses: 0,
        setting,
      };
      await this.store.saveToken(token);
      this.audit.configured(token, 'added');
    }
    this.book.lock();
  }

  /** One that was configured before, and perhaps not in between. One that an admin has revoked stays so. */
  private async goOn(known: AccessToken, setting: string): Promise<void> {
    if (known.revokedAt !== undefined || known.setting !== setting) {
      const why = known.setting === setting ? 'was revoked' : 'is already used as another token';
      throw new LongshoreError('invalid-configuration', `The token in ${setting} ${why}.`, {
        remedy: `Set ${setting} to a new one.`,
      });
    }
    if (known.expiresAt === undefined) return;
    await this.store.changeToken(known.id, ({ expiresAt: _ended, ...token }) => ({ token }));
    this.audit.configured(known, 'added');
  }

  /** What was configured once and is not any more lets nobody in. */
  private async endOldOnes(): Promise<void> {
    const hashes = new Set(this.config.access.tokens.map(({ hash }) => hash));
    const now = this.clock.now();
    for await (const token of this.everyToken()) {
      const gone = token.setting !== undefined && !token.secrets.some(({ hash }) => hashes.has(hash));
      if (!gone || token.expiresAt !== undefined) continue;
      await this.store.changeToken(token.id, (found) => ({ token: { ...found, expiresAt: now } }));
      this.audit.configured(token, 'ended');
    }
  }

  private async *everyToken(): AsyncGenerator<AccessToken> {
    let after: string | undefined;
    do {
      const page = await this.store.listTokens({ limit: 500, ...(after !== undefined && { after }) });
      yield* page.items;
      after = page.next;
    } while (after !== undefined);
  }
}

function nobodyIsAdmin(): LongshoreError {
  return new LongshoreError(
    'invalid-configuration',
    'There are tokens, but none was ever an admin: nobody could steer anything.',
    {
      remedy: 'Set LONGSHORE_ADMIN_TOKEN or LONGSHORE_ADMIN_TOKEN_FILE as well.',
    },
  );
}

function openToOthers(host: string): LongshoreError {
  return new LongshoreError(
    'invalid-configuration',
    `LONGSHORE_HOST is "${host}", where other machines can reach it, but there is no token: whoever reaches the port could do everything.`,
    {
      remedy:
        'Set LONGSHORE_ADMIN_TOKEN or LONGSHORE_ADMIN_TOKEN_FILE, create a token while it serves this machine only, or unset LONGSHORE_HOST.',
    },
  );
}
