/** What the worker's main thread and its heartbeat thread say to each other. */
import type { TokenAnswer } from '@longshore/core/protocol';
import type { EngineSettings } from '../configuration/engine-settings.js';
import type { HeartbeatIdentity, LeaseToKeep } from './lease-keeping.js';

/** What the heartbeat thread is given at its start. */
export interface ThreadStart {
  orchestratorUrl: string;
  cluster: string;
  identity: HeartbeatIdentity;
  /** Name of the worker, as the labels of its containers have it. */
  workerName: string;
  /** The folder of the workspaces, for what its disk has free. */
  workFolder: string;
  /** The token the worker has just got, if it got one. The join token stays with the main thread. */
  given: TokenAnswer;
  /** What runs the containers of the worker. */
  engine: EngineSettings;
  /** Of the main thread's clock, so that both tell the same time. */
  clockZero: number;
}

export type ToThread =
  | { type: 'keep'; lease: LeaseToKeep; from: number }
  | { type: 'release'; assignmentId: string }
  /** The slot whose container works on it from now on; undefined for none. */
  | { type: 'runs'; assignmentId: string; slot: number | undefined }
  /** The main thread has heard that a lease is lost and stops the container itself. */
  | { type: 'noticed'; assignmentId: string }
  /** The main thread is alive. */
  | { type: 'pong' }
  /** The orchestrator is to be found elsewhere. */
  | { type: 'moved'; url: string }
  | { type: 'stop' };

export type FromThread =
  | { type: 'lost'; assignmentId: string; message: string }
  | { type: 'warn'; line: string }
  | { type: 'ping' }
  | { type: 'token'; given: TokenAnswer }
  /** How the last heartbeat went, so that the main thread can look where the orchestrator is. */
  | { type: 'missed' | 'reached'; url: string }
  /** The orchestrator wants this worker to take no more. */
  | { type: 'drain' };
