/** The stored answers of the job store in memory. */
import { requestRepeated } from '../ports/job-store.js';
import type { Receipt } from '../words/receipt.js';

export class MemoryReceipts {
  private readonly receipts = new Map<string, Receipt>();

  find(requestId: string): Receipt | undefined {
    return structuredClone(this.receipts.get(requestId));
  }

  /** @throws LongshoreError `request-repeated`, with nothing kept */
  keep(receipt: Receipt | undefined): void {
    this.refuseRepeated(receipt);
    if (receipt) this.receipts.set(receipt.requestId, structuredClone(receipt));
  }

  refuseRepeated(receipt: Receipt | undefined): void {
    if (receipt && this.receipts.has(receipt.requestId)) throw requestRepeated(receipt);
  }

  forget(before: number, limit: number): number {
    const old = [...this.receipts.values()].filter(({ at }) => at < before).slice(0, limit);
    for (const { requestId } of old) this.receipts.delete(requestId);
    return old.length;
  }
}
