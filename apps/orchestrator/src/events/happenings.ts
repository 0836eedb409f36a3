/** What features tell each other within the process. The store is the truth; these only save waiting. */
import { Injectable } from '@nestjs/common';
import type { AccessToken, ErrorCode } from '@longshore/core';
import type { StageTimes } from '@longshore/core/protocol';
import { Signal } from './signal.js';
import type { Change } from './watched-store.js';

@Injectable()
export class Happenings {
  /** The process listens; its address as it sees it. */
  readonly serving = new Signal<string>();
  /** A job was stored and wants to be planned; its id. */
  readonly jobCreated = new Signal<string>();
  /** A job may be over: a task was settled or the listing is complete; the job's id. */
  readonly jobAdvanced = new Signal<string>();
  /** A job has ended; its id. */
  readonly jobEnded = new Signal<string>();
  /** A job was cancelled; its id. */
  readonly jobCancelled = new Signal<string>();
  /** A worker that waits for an answer should ask again: there is work, or a job has ended. */
  readonly workChanged = new Signal();
  /** A worker was registered. */
  readonly workerJoined = new Signal();
  /** Tokens were revoked. */
  readonly tokensRevoked = new Signal<readonly AccessToken[]>();
  /** The store has recorded a change; told by the store itself. */
  readonly changed = new Signal<Change>();
  /** Something was refused, and why. */
  readonly refused = new Signal<ErrorCode>();
  /** A worker has told how long it took over the stages of a task. */
  readonly stagesTimed = new Signal<StageTimes>();
  /** The outbox has news. */
  readonly newsAdded = new Signal();
}
