/** The tokens of this orchestrator: made, looked up, revoked. */
import { Injectable } from '@nestjs/common';
import {
  Chance,
  checkToken,
  Clock,
  hashOfSecret,
  JobStore,
  LongshoreError,
  newSecret,
  unknownToken,
  type AccessToken,
  type Page,
  type PageRequest,
  type Role,
} from '@longshore/core';
import { Happenings } from '../events/happenings.js';

export interface TokenWish {
  role: Role;
  label?: string | undefined;
  expiresInMs?: number | undefined;
  maxUses?: number | undefined;
  plugin?: string | undefined;
}

/** A join token is for the machines that are started now. */
const joinTokenMs = 3_600_000;
const noteUseEveryMs = 60_000;

@Injectable()
export class TokenBook {
  private anyExists = false;
  private readonly noting = new Set<string>();

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly happenings: Happenings,
  ) {}

  /** True once there was a token, whatever has become of it: from then on nobody gets in without one. */
  get isLocked(): boolean {
    return this.anyExists;
  }

  async open(): Promise<void> {
    const { items } = await this.store.listTokens({ limit: 1 });
    this.anyExists = items.length > 0;
  }

  /** Called for a token that was put into the store by other means than this. */
  lock(): void {
    this.anyExists = true;
  }

  /** @returns the token, and its secret, which is shown this once */
  async create(wish: TokenWish): Promise<{ token: AccessToken; secret: string }> {
    this.refuseToLockOut(wish.role);
    const secret = newSecret(wish.role);
    const now = this.clock.now();
    const lifeMs = wish.expiresInMs ?? (wish.role === 'join' ? joinTokenMs : undefined);
    const token: AccessToken = {
      id: this.chance.id(),
      role: wish.role,
      secrets: [{ hash: hashOfSecret(secret) }],
      createdAt: now,
      uses: 0,
      ...(wish.label !== undefined && { label: wish.label }),
      ...(lifeMs !== undefined && { expiresAt: now + lifeMs }),
      ...(wish.maxUses !== undefined && { maxUses: wish.maxUses }),
      ...(wish.plugin !== undefined && { plugin: wish.plugin }),
    };
    await this.store.saveToken(token);
    this.lock();
    return { token, secret };
  }

  list(page: PageRequest): Promise<Page<AccessToken>> {
    return this.store.listTokens(page);
  }

  /** @returns every token that this has ended */
  async revoke(id: string): Promise<AccessToken[]> {
    const ended = await this.store.revokeToken(id, this.clock.now());
    this.happenings.tokensRevoked.emit(ended);
    return ended;
  }

  /** @throws LongshoreError `not-authenticated` or `token-revoked` */
  async verify(hash: string): Promise<AccessToken> {
    const token = await this.store.findToken(hash);
    if (!token) throw unknownToken();
    checkToken(token, hash, this.clock.now());
    this.noteUse(token);
    return token;
  }

  /** Once a minute for each token: a commit for every request would cost more than it tells. */
  private noteUse({ id, lastUsedAt }: AccessToken): void {
    const now = this.clock.now();
    if (now - (lastUsedAt ?? 0) < noteUseEveryMs || this.noting.has(id)) return;
    this.noting.add(id);
    void this.store
      .changeToken(id, (token) => ({ token: { ...token, lastUsedAt: now } }))
      .catch(() => undefined)
      .finally(() => this.noting.delete(id));
  }

  private refuseToLockOut(role: Role): void {
    if (this.isLocked || role === 'admin') return;
    throw new LongshoreError('invalid-request', `The first token must be one for an admin, not for "${role}".`, {
      remedy: 'Create an admin token first: from then on nobody gets in without a token.',
    });
  }
}
