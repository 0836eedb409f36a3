/** A whole orchestrator in this process, on fakes that pass the contract suites, spoken to over real HTTP. */
import { createHash } from 'node:crypto';
import {
  aPlugin,
  ManualClock,
  MemoryJobStore,
  MemoryObjectStore,
  MemoryScratch,
  RecordingNotifier,
  SeededChance,
} from '@longshore/core/testing';
import {
  manifestOutputs,
  NoTracer,
  type Tracer,
  type Discovery,
  type JobPlugin,
  type LongshoreError,
  type Machine,
  type ReportedManifest,
} from '@longshore/core';
import type { Assignment, AssignmentAnswer, JobAnswer } from '@longshore/core/protocol';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import type { Channel } from '../notifications/channels.js';
import { OwnProcess } from '../own-process.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import type { Route } from '../http/route-table.js';
import { serve, type ServingOrchestrator } from '../serve.js';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
}

export interface Question {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

export class OrchestratorOnFakes implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly chance = new SeededChance();
  readonly store = new MemoryJobStore();
  objects = new MemoryObjectStore();
  readonly scratch = new MemoryScratch();
  readonly notifier = new RecordingNotifier();
  /** From the next start on. */
  channels: Channel[] = [{ name: 'mail', kind: 'mail', notifier: this.notifier }];
  /** Where the address is left, and the machine it runs on; nothing, until a test says so. */
  discovery: Discovery | undefined;
  machine: Machine | undefined;
  /** What records spans; nothing, until a test says so. */
  tracer: Tracer = new NoTracer();
  /** How often it has ended itself. */
  ends = 0;
  /** Why it could not go on, each time. */
  readonly failures: LongshoreError[] = [];
  /** The folder of a dashboard, from the next start on. */
  dashboard: string | undefined;
  private serving!: ServingOrchestrator;

  private constructor(
    /** What the next start is told. */
    public environment: Record<string, string>,
    private readonly plugins: JobPlugin[],
  ) {
    this.objects.createBucket('images');
    this.objects.createBucket('results');
  }

  static async start(
    environment: Record<string, string> = {},
    plugins: JobPlugin[] = [aPlugin()],
  ): Promise<OrchestratorOnFakes> {
    const orchestrator = new OrchestratorOnFakes({ LONGSHORE_LEASE_SECONDS: '8', ...environment }, plugins);
    await orchestrator.boot();
    return orchestrator;
  }

  /** One that a test can give things to before it starts. */
  static async prepared(
    environment: Record<string, string>,
    prepare: (orchestrator: OrchestratorOnFakes) => void,
    plugins: JobPlugin[] = [aPlugin()],
  ): Promise<OrchestratorOnFakes> {
    const orchestrator = new OrchestratorOnFakes({ LONGSHORE_LEASE_SECONDS: '8', ...environment }, plugins);
    prepare(orchestrator);
    await orchestrator.boot();
    return orchestrator;
  }

  /** Stops the process as far as anybody can tell, and starts another on the same state. */
  async restart(): Promise<void> {
    await this.serving.stop();
    await this.boot();
  }

  async get<T>(path: string): Promise<Answer<T>> {
    const response = await fetch(this.serving.url + path);
    return { status: response.status, body: (await response.json()) as T };
  }

  /** Any request, as whoever shows this token. */
  async ask<T = Record<string, unknown>>(
    method: string,
    path: string,
    { token, body, headers = {} }: Question = {},
  ): Promise<Answer<T> & { headers: Headers }> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const { status, headers: answered } = response;
    const media = answered.get('content-type') ?? '';
    // A stream of events never ends.
    if (media.startsWith('text/event-stream')) await response.body?.cancel();
    const text = media.startsWith('text/event-stream') ? '' : await response.text();
    const told = (/[/+]json\b/.test(media) ? JSON.parse(text) : { text }) as T;
    return { status, headers: answered, body: told };
  }

  get url(): string {
    return this.serving.url;
  }

  get routes(): readonly Route[] {
    return this.serving.routes;
  }

  async text(path: string): Promise<string> {
    return (await fetch(this.serving.url + path)).text();
  }

  async post<T>(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const response = await fetch(this.serving.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  putImages(...names: string[]): void {
    for (const name of names) this.objects.put('images', `in/${name}`, Buffer.from(name));
  }

  async submit(changes: Record<string, unknown> = {}): Promise<JobAnswer> {
    const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/', ...changes };
    const { status, body } = await this.post<JobAnswer>('/api/v1/jobs', request);
    if (status !== 201) throw new Error(JSON.stringify(body));
    return this.jobWhen(body.id, (job) => job.scan === 'done' || job.state === 'failed');
  }

  async jobWhen(id: string, holds: (job: JobAnswer) => boolean): Promise<JobAnswer> {
    for (let tries = 0; tries < 300; tries += 1) {
      const { body } = await this.get<JobAnswer>(`/api/v1/jobs/${id}`);
      if (holds(body)) return body;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`The job never came so far: ${JSON.stringify((await this.get(`/api/v1/jobs/${id}`)).body)}`);
  }

  /** The ids of everything people were told, once it is so much. */
  async news(count: number): Promise<string[]> {
    for (let tries = 0; tries < 100 && this.notifier.sent.length < count; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return this.notifier.sent.map(({ id }) => id);
  }

  async register(): Promise<string> {
    const { body } = await this.post<{ worker_id: string }>('/register', { hostname: 'here', plugin: 'echo' });
    return body.worker_id;
  }

  /** What the worker is given, which must be a task. */
  async assignment(workerId: string): Promise<Assignment> {
    const { body } = await this.get<AssignmentAnswer>(`/assignment/${workerId}`);
    if (!body.assignment || 'shutdown' in body.assignment) throw new Error(JSON.stringify(body));
    return body.assignment;
  }

  /** A manifest as an honest worker makes it, its outputs staged, with a record of each object. */
  async manifest(assignment: Assignment): Promise<ReportedManifest> {
    const location = { bucket: assignment.output_bucket, prefix: assignment.output_prefix };
    const entries = await Promise.all(
      assignment.objects.map(async ({ key, etag }) => {
        const name = `${key.slice(assignment.input_prefix.length)}.out`;
        return {
          objectKey: key,
          etag,
          outputs: [await this.objects.stage({ location, name, path: import.meta.filename })],
          record: { length: key.length },
        };
      }),
    );
    const imageDigest = `sha256:${createHash('sha256').digest('hex')}`;
    return { entries, imageDigest, pluginVersion: '1.0.0', exitCode: 0, durationMs: 5 };
  }

  acknowledge(workerId: string, { assignment_id, fence }: Assignment): Promise<Answer> {
    return this.post(`/ack/${workerId}`, { assignment_id, fence });
  }

  /** Does what an honest worker does with a task, to its end. */
  async finish(workerId: string, assignment: Assignment): Promise<void> {
    await this.acknowledge(workerId, assignment);
    const manifest = await this.manifest(assignment);
    await this.expectRecorded(this.report(workerId, 'completed', assignment, { manifest }));
    const location = { bucket: assignment.output_bucket, prefix: assignment.output_prefix };
    for (const output of manifestOutputs(manifest)) await this.objects.publish(location, output);
    await this.expectRecorded(this.report(workerId, 'published', assignment));
  }

  private async expectRecorded(answer: Promise<Answer>): Promise<void> {
    const { status, body } = await answer;
    if (status !== 200) throw new Error(JSON.stringify(body));
  }

  report(
    workerId: string,
    status: string,
    assignment: Assignment,
    details: Record<string, unknown> = {},
  ): Promise<Answer> {
    const { assignment_id, fence } = assignment;
    return this.post(`/status/${workerId}`, { status, details, assignment_id, fence });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.serving.stop();
  }

  private async boot(): Promise<void> {
    const { chance, clock, store, objects, scratch, channels, discovery, machine, dashboard, tracer } = this;
    const own = new OwnProcess(
      () => (this.ends += 1),
      (error) => this.failures.push(error),
    );
    const config = new OrchestratorConfig({ LONGSHORE_PORT: '0', ...this.environment });
    const plugins = new PluginCatalog(this.plugins);
    const fakes = { chance, clock, store, objects, scratch, channels, discovery, machine, dashboard, tracer };
    this.serving = await serve({ config, plugins, own, ...fakes }, false);
  }
}
