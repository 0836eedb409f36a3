/** Every number that is measured here, by the name it has for Prometheus; docs/observability.md has a row for each. */
import { Injectable } from '@nestjs/common';
import { openTaskStates, taskStates, type AttemptOutcome, type ErrorCode } from '@longshore/core';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ownVersion } from './own-version.js';

/** From what nobody notices to a long poll. */
const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** From a small file to a day. */
const workSeconds = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400];

const outcomes: readonly AttemptOutcome[] = ['completed', 'failed', 'released', 'expired', 'overtaken', 'cancelled'];
const rescueReasons: readonly ErrorCode[] = [
  'acknowledgement-timeout',
  'lease-expired',
  'processing-timeout',
  'timed-out',
  'staging-lost',
];
/** What is refused because of something inside. */
const alarming: readonly ErrorCode[] = ['disk-full', 'internal-error', 'state-damaged', 'storage-failed'];

/** Of one application, so that several in one process do not count together. No label is ever made of what others may write. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  // As things stand: read from the store when somebody asks.
  readonly jobs = this.gauge('jobs', 'Jobs, by state.', ['state']);
  readonly tasks = this.gauge('tasks', 'Tasks of all jobs, by state.', ['state']);
  readonly objects = this.gauge('objects', 'Objects of all jobs, by the state of their task.', ['state']);
  readonly tasksWaiting = this.gauge('tasks_waiting', 'Available tasks of jobs that run.');
  readonly workers = this.gauge('workers', 'Workers, by state.', ['state']);
  readonly slots = this.gauge('slots', 'Slots of the workers that are here.');
  readonly slotsBusy = this.gauge('slots_busy', 'Slots with a task: tasks that are leased or accepted.');
  readonly workerDisk = this.gauge(
    'worker_disk_free_bytes',
    'Free on the disk of workspaces, of the worker that has least.',
  );
  readonly stateDisk = this.gauge('state_disk_free_bytes', 'Free on the disk of the state.');
  readonly scansRunning = this.gauge('scans_running', 'Jobs whose input is being listed.');
  readonly scanObjects = this.gauge('scan_objects', 'Objects that the listings under way have come to.');
  readonly outboxWaiting = this.gauge('outbox_waiting', 'Notifications that are not sent.');
  readonly outboxFailing = this.gauge('outbox_failing', 'Notifications that are not sent although it was tried.');
  readonly subscribers = this.gauge('event_subscribers', 'Open streams of events.');

  // What has happened since this process began.
  readonly tasksEnded = this.counter('tasks_ended_total', 'Tasks that ended, by the state they ended in.', ['state']);
  readonly objectsEnded = this.counter('objects_ended_total', 'Objects of tasks that ended, by that state.', ['state']);
  readonly attemptsStarted = this.counter('attempts_started_total', 'Leases that were given.');
  readonly attempts = this.counter('attempts_total', 'Attempts that ended, by outcome.', ['outcome']);
  readonly retries = this.counter('retries_total', 'Attempts whose work is tried again, by class of failure.', [
    'class',
  ]);
  readonly rescues = this.counter('rescues_total', 'Leases that were taken back, by reason.', ['reason']);
  readonly staleFences = this.counter(
    'stale_fence_rejections_total',
    'Reports and heartbeats refused because the lease belongs to somebody else by now.',
  );
  readonly refusals = this.counter('refusals_total', 'Requests that were refused, by error code.', ['code']);
  readonly inputBytes = this.counter('input_bytes_total', 'Bytes of the objects of completed tasks.');
  readonly outputBytes = this.counter('output_bytes_total', 'Bytes of the outputs of completed tasks.');

  // How long things took.
  readonly leaseWait = this.histogram(
    'lease_wait_seconds',
    'Time from when a task could be leased until it was.',
    workSeconds,
  );
  readonly attemptTime = this.histogram(
    'attempt_duration_seconds',
    'Time an attempt was held, by outcome.',
    workSeconds,
    ['outcome'],
  );
  readonly taskTime = this.histogram(
    'task_duration_seconds',
    'Time from the making of a task to its end, its waits and all its attempts among it, by the state it ended in.',
    workSeconds,
    ['state'],
  );
  readonly stageTime = this.histogram(
    'stage_duration_seconds',
    'Time workers took over a stage of a task: fetch, run, stage, publish.',
    workSeconds,
    ['stage'],
  );
  readonly requestTime = this.histogram(
    'http_request_duration_seconds',
    'Time until a request was answered, by method, template of the route and class of status.',
    requestSeconds,
    ['method', 'route', 'status'],
  );

  constructor() {
    this.beginAtZero();
    const { version } = process;
    this.gauge('build_info', 'Always 1; its labels say what runs.', ['version', 'node']).set(
      { version: ownVersion, node: version },
      1,
    );
  }

  /** A counter that appears with its first count hides that count from Prometheus, which sees a rise only from one value to another. */
  private beginAtZero(): void {
    for (const state of taskStates.filter((one) => !openTaskStates.includes(one))) {
      this.tasksEnded.inc({ state }, 0);
      this.objectsEnded.inc({ state }, 0);
    }
    for (const outcome of outcomes) this.attempts.inc({ outcome }, 0);
    for (const failureClass of ['job', 'resource', 'infra', 'config']) this.retries.inc({ class: failureClass }, 0);
    for (const reason of rescueReasons) this.rescues.inc({ reason }, 0);
    for (const code of alarming) this.refusals.inc({ code }, 0);
  }

  private gauge<T extends string>(name: string, help: string, labelNames: T[] = []): Gauge<T> {
    return new Gauge({ name: `longshore_${name}`, help, labelNames, registers: [this.registry] });
  }

  private counter<T extends string>(name: string, help: string, labelNames: T[] = []): Counter<T> {
    return new Counter({ name: `longshore_${name}`, help, labelNames, registers: [this.registry] });
  }

  private histogram<T extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: T[] = [],
  ): Histogram<T> {
    return new Histogram({ name: `longshore_${name}`, help, buckets, labelNames, registers: [this.registry] });
  }
}
