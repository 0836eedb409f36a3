/** Finds the orchestrator of this worker's cluster: waits until its address is left where all look, and looks again when it goes stale. */
import { LongshoreError, messageOf, type Chance, type Clock, type Discovery } from '@longshore/core';
import type { Address, AddressWatcher } from '../client/address.js';

export interface FinderTools {
  /** Absent where the address is given and stays. */
  discovery: Discovery | undefined;
  address: Address;
  /** @throws LongshoreError `orchestrator-unreachable` or `wrong-cluster` when nobody of ours answers there */
  probe: (url: string, signal?: AbortSignal) => Promise<void>;
  clock: Clock;
  chance: Chance;
  say: (line: string) => void;
}

const firstDelayMs = 1_000;
/** With a thousand workers that look for an orchestrator, a parameter is read 40 times a second. */
const longestDelayMs = 30_000;
/** One lost answer is no sign; a host that is gone takes ten seconds for each, and the leases are running out. */
const missesBeforeLooking = 2;
/** Another orchestrator may serve there by then, or the same one after an upgrade. */
const rejectedForMs = 300_000;

export class OrchestratorFinder implements AddressWatcher {
  private misses = 0;
  private looks = 0;
  private notBefore = 0;
  private looking = false;
  private rejected: { url: string; until: number } | undefined;
  private said: string | undefined;

  constructor(private readonly tools: FinderTools) {
    if (tools.discovery) tools.address.watch(this);
  }

  /**
   * Waits until the address of an orchestrator of ours is known.
   *
   * @throws LongshoreError when waiting cannot help, such as `access-denied`; the reason of the signal
   */
  async find(signal: AbortSignal): Promise<void> {
    const { address, clock } = this.tools;
    for (let tries = 0; address.url === undefined; tries += 1) {
      signal.throwIfAborted();
      await this.look(signal);
      if (this.tools.address.url === undefined) await clock.sleep(this.delay(tries), signal);
    }
  }

  /** What is left there now is somebody else's, though it did not say so when it was probed. */
  reject(why: LongshoreError): void {
    const { address, clock } = this.tools;
    if (address.url !== undefined) this.rejected = { url: address.url, until: clock.now() + rejectedForMs };
    address.forget();
    this.complain(why.message);
  }

  missed(): void {
    this.misses += 1;
    const { clock } = this.tools;
    if (this.misses < missesBeforeLooking || this.looking || clock.now() < this.notBefore) return;
    this.looking = true;
    // An address that was right once is kept whatever goes wrong here; it may be right again.
    void this.look()
      .catch((thrown: unknown) => this.complain(messageOf(thrown)))
      .finally(() => {
        this.looking = false;
        this.notBefore = clock.now() + this.delay(this.looks);
        this.looks += 1;
      });
  }

  reached(): void {
    this.misses = 0;
    this.looks = 0;
    this.notBefore = 0;
    this.said = undefined;
  }

  private async look(signal?: AbortSignal): Promise<void> {
    const { address, discovery } = this.tools;
    try {
      const url = await discovery?.find(signal);
      if (url === undefined) return this.complain('No orchestrator has left its address yet. Waiting for one');
      if (url === address.url || this.isRejected(url)) return;
      await this.adopt(url, signal);
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!mayChange(thrown)) throw thrown;
      this.complain(messageOf(thrown));
    }
  }

  /** @throws LongshoreError when it is not the address of an orchestrator of ours */
  private async adopt(url: string, signal: AbortSignal | undefined): Promise<void> {
    const { protocol } = URL.parse(url) ?? {};
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw new LongshoreError('orchestrator-unreachable', `The address that was left, "${url}", is no http address.`);
    }
    await this.tools.probe(url, signal);
    this.rejected = undefined;
    this.misses = 0;
    this.tools.say(`The orchestrator is at ${url}.`);
    this.tools.address.move(url);
  }

  private isRejected(url: string): boolean {
    return url === this.rejected?.url && this.tools.clock.now() < this.rejected.until;
  }

  /** Once, and not each time. */
  private complain(line: string): void {
    if (line === this.said) return;
    this.said = line;
    this.tools.say(`${line}.`);
  }

  private delay(tries: number): number {
    const { chance } = this.tools;
    return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(tries, 10)) * (0.5 + chance.fraction());
  }
}

/** Somebody may leave another address, or start what is missing there. */
function mayChange(thrown: unknown): boolean {
  return thrown instanceof LongshoreError && (thrown.failureClass === 'infra' || thrown.code === 'wrong-cluster');
}
