/** What the job store in memory keeps beside jobs and tasks: workers, tokens, answers, owners of outputs, and what features remember. */
import type { AccessToken } from '../access/access-token.js';
import { JobStore, workerUnknown } from '../ports/job-store.js';
import type {
  OutputClaim,
  Page,
  PageRequest,
  RecordChange,
  StoreRecord,
  TokenChange,
} from '../ports/store-exchange.js';
import type { Receipt } from '../words/receipt.js';
import type { Worker } from '../words/worker.js';
import { MemoryClaims } from './memory-claims.js';
import { MemoryOutbox } from './memory-outbox.js';
import { behind, firstPage } from './memory-pages.js';
import { MemoryReceipts } from './memory-receipts.js';
import { MemoryTokens } from './memory-tokens.js';

export abstract class MemorySideStore extends JobStore {
  readonly outbox = new MemoryOutbox();
  protected readonly workers = new Map<string, Worker>();
  protected readonly receipts = new MemoryReceipts();
  private readonly claims = new MemoryClaims();
  private readonly tokens = new MemoryTokens();
  private readonly records = new Map<string, StoreRecord>();

  async claimOutputs(jobId: string, claims: readonly OutputClaim[]): Promise<(OutputClaim & { owner: string })[]> {
    return this.claims.claim(jobId, claims);
  }

  async hasClaims(jobId: string): Promise<boolean> {
    return this.claims.has(jobId);
  }

  async saveWorker(worker: Worker, receipt?: Receipt): Promise<void> {
    this.receipts.keep(receipt);
    this.workers.set(worker.id, structuredClone(worker));
  }

  async changeWorker(id: string, decide: (worker: Worker) => Worker, receipt?: Receipt): Promise<Worker> {
    const worker = this.workers.get(id);
    if (!worker) throw workerUnknown(id);
    await this.saveWorker(decide(structuredClone(worker)), receipt);
    return structuredClone(this.workers.get(id)!);
  }

  async findWorker(id: string): Promise<Worker | undefined> {
    return structuredClone(this.workers.get(id));
  }

  async listWorkers(): Promise<Worker[]> {
    return structuredClone([...this.workers.values()].reverse());
  }

  async saveToken(token: AccessToken): Promise<void> {
    this.tokens.save(token);
  }

  async findToken(hash: string): Promise<AccessToken | undefined> {
    return this.tokens.find(hash);
  }

  async listTokens({ limit, after }: PageRequest): Promise<Page<AccessToken>> {
    return firstPage(behind(this.tokens.list(), after), limit);
  }

  async changeToken(id: string, decide: (token: AccessToken) => TokenChange): Promise<AccessToken> {
    const { token, created, worker, receipt } = decide(this.tokens.get(id));
    this.receipts.keep(receipt);
    this.tokens.save(token);
    if (created) this.tokens.save(created);
    if (worker) this.workers.set(worker.id, structuredClone(worker));
    return this.tokens.get(id);
  }

  async revokeToken(id: string, now: number): Promise<AccessToken[]> {
    return this.tokens.revoke(id, now);
  }

  async findReceipt(requestId: string): Promise<Receipt | undefined> {
    return this.receipts.find(requestId);
  }

  async forgetReceipts(before: number, limit: number): Promise<number> {
    return this.receipts.forget(before, limit);
  }

  async findRecord(name: string): Promise<StoreRecord | undefined> {
    return structuredClone(this.records.get(name));
  }

  async changeRecord<T extends StoreRecord>(
    name: string,
    decide: (record: StoreRecord | undefined) => RecordChange<T>,
  ): Promise<T> {
    const { record, notices = [] } = decide(structuredClone(this.records.get(name)));
    this.records.set(name, structuredClone(record));
    this.outbox.add(notices);
    return record;
  }

  async probe(): Promise<void> {}

  async close(): Promise<void> {}
}
