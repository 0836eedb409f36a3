/** Where the orchestrator is, as far as this worker knows, for all who speak to it or want to know how that goes. */

export interface AddressWatcher {
  /** Nobody who belongs to this worker's cluster answered there. */
  missed?(): void;
  reached?(): void;
  moved?(url: string): void;
}

export class Address {
  private readonly watchers = new Set<AddressWatcher>();

  /**
   * @param known without a slash at the end; undefined while nobody knows it
   * @param mayMove whether it can be looked up anew
   */
  constructor(
    private known: string | undefined,
    readonly mayMove = false,
  ) {}

  get url(): string | undefined {
    return this.known;
  }

  watch(watcher: AddressWatcher): void {
    this.watchers.add(watcher);
  }

  unwatch(watcher: AddressWatcher): void {
    this.watchers.delete(watcher);
  }

  /** @param url where it was tried; what is told of an address that was left since is old news */
  missed(url: string): void {
    if (url === this.known) for (const watcher of this.watchers) watcher.missed?.();
  }

  reached(url: string): void {
    if (url === this.known) for (const watcher of this.watchers) watcher.reached?.();
  }

  move(url: string): void {
    this.known = url;
    for (const watcher of this.watchers) watcher.moved?.(url);
  }

  /** It turned out to be somebody else's. */
  forget(): void {
    this.known = undefined;
  }
}
