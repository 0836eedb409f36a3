/** Keeps leases from a thread of its own, so that nothing the main thread does can delay a renewal. */
import { Worker } from 'node:worker_threads';
import { LongshoreError, messageOf } from '@longshore/core';
import type { Address, AddressWatcher } from '../client/address.js';
import type { Credentials } from '../client/credentials.js';
import {
  Heartbeats,
  type HeartbeatIdentity,
  type HeartbeatListener,
  type KeptLease,
  type LeaseKeeping,
  type LeaseToKeep,
} from './lease-keeping.js';
import type { FromThread, ThreadStart, ToThread } from './thread-messages.js';

export class ThreadedHeartbeats extends Heartbeats {
  constructor(
    private readonly start: Omit<ThreadStart, 'identity' | 'given' | 'orchestratorUrl'>,
    private readonly credentials: Credentials,
    private readonly address: Address,
  ) {
    super();
  }

  begin(identity: HeartbeatIdentity, listener: HeartbeatListener): LeaseKeeping {
    const { credentials, address } = this;
    const start = { ...this.start, identity, given: credentials.given, orchestratorUrl: address.url ?? '' };
    return new HeartbeatThread(start, credentials, address, listener);
  }
}

class HeartbeatThread implements LeaseKeeping, AddressWatcher {
  private readonly held = new Map<string, AbortController>();
  private readonly thread: Worker;
  private readonly ended: Promise<void>;
  private stopping = false;
  private over = false;
  private failure: string | undefined;

  constructor(
    start: ThreadStart,
    private readonly credentials: Credentials,
    private readonly address: Address,
    private readonly listener: HeartbeatListener,
  ) {
    this.thread = new Worker(new URL('./thread-main.js', import.meta.url), { workerData: start });
    this.thread.on('message', (message: FromThread) => this.hear(message));
    this.thread.on('error', (thrown: unknown) => (this.failure = messageOf(thrown)));
    this.address.watch(this);
    this.ended = new Promise((resolve) =>
      this.thread.once('exit', () => {
        this.end();
        resolve();
      }),
    );
  }

  keep(lease: LeaseToKeep, from: number): KeptLease {
    const { assignment_id: assignmentId } = lease;
    const lost = new AbortController();
    this.held.set(assignmentId, lost);
    if (this.over) this.loseAll('nobody renews it any more');
    const { task_id, fence, lease_seconds } = lease;
    this.say({ type: 'keep', lease: { assignment_id: assignmentId, task_id, fence, lease_seconds }, from });
    const runsIn = (slot: number | undefined) => this.say({ type: 'runs', assignmentId, slot });
    const release = () => {
      this.held.delete(assignmentId);
      this.say({ type: 'release', assignmentId });
    };
    return { lost: lost.signal, runsIn, release };
  }

  moved(url: string): void {
    this.say({ type: 'moved', url });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.say({ type: 'stop' });
    await this.ended;
  }

  private hear(message: FromThread): void {
    switch (message.type) {
      case 'lost':
        this.say({ type: 'noticed', assignmentId: message.assignmentId });
        this.lose(message.assignmentId, message.message);
        break;
      case 'warn':
        this.listener.warn(message.line);
        break;
      case 'token':
        this.credentials.keep(message.given);
        break;
      case 'missed':
        this.address.missed(message.url);
        break;
      case 'reached':
        this.address.reached(message.url);
        break;
      case 'drain':
        this.listener.drain();
        break;
      case 'ping':
        this.say({ type: 'pong' });
        break;
    }
  }

  private end(): void {
    this.over = true;
    this.address.unwatch(this);
    this.loseAll('nobody renews it any more');
    if (this.stopping) return;
    const why = this.failure ?? 'it ended without a word';
    this.listener.broke(
      new LongshoreError('internal-error', `The heartbeat thread has failed: ${why}. No lease can be kept.`, {
        remedy: 'Start the worker again; its tasks go to others meanwhile.',
      }),
    );
  }

  private loseAll(why: string): void {
    for (const id of [...this.held.keys()]) this.lose(id, `The lease ${id} is lost: ${why}.`);
  }

  private lose(assignmentId: string, message: string): void {
    this.held.get(assignmentId)?.abort(new LongshoreError('stale-fence', message));
    this.held.delete(assignmentId);
  }

  private say(message: ToThread): void {
    this.thread.postMessage(message);
  }
}
