/** An orchestrator and workers on this machine, each a process that can be killed on its own. */
import type { JobAnswer } from '@longshore/core/protocol';
import { eventually, startProgram, type Environment, type Process } from './process.js';
import type { Sandbox } from './sandbox.js';

export class Cluster implements AsyncDisposable {
  readonly workers: Process[] = [];
  orchestrator!: Process;
  url = '';

  private constructor(
    private readonly environment: Environment,
    private readonly ofOrchestrator: Environment,
  ) {}

  static async start(
    sandbox: Sandbox,
    environment: Environment = {},
    ofOrchestrator: Environment = {},
  ): Promise<Cluster> {
    const cluster = new Cluster({ ...sandbox.environment, ...environment }, ofOrchestrator);
    await cluster.startOrchestrator('0');
    return cluster;
  }

  /** Starts it on the same port as before, as a restart would. */
  async restartOrchestrator(): Promise<void> {
    await this.startOrchestrator(new URL(this.url).port);
  }

  /** Starts it on another port, as on another machine, with the state it had. */
  async moveOrchestrator(): Promise<void> {
    await this.startOrchestrator('0');
  }

  startWorker(name: string, plugin: string, environment: Environment = {}): Process {
    const worker = startProgram('worker', {
      ...this.environment,
      LONGSHORE_URL: this.url,
      LONGSHORE_PLUGIN: plugin,
      LONGSHORE_SLOTS: '1',
      LONGSHORE_WORKER_NAME: name,
      ...environment,
    });
    this.workers.push(worker);
    return worker;
  }

  async get<T>(path: string): Promise<T> {
    return (await (await fetch(this.url + path, { headers: this.authorization })).json()) as T;
  }

  async text(path: string): Promise<string> {
    return (await fetch(this.url + path, { headers: this.authorization })).text();
  }

  async submit(request: Record<string, unknown>): Promise<JobAnswer> {
    const response = await fetch(`${this.url}/api/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.authorization },
      body: JSON.stringify(request),
    });
    const answer = (await response.json()) as JobAnswer;
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }

  /** The job once it fulfils the condition. The orchestrator may be away meanwhile. */
  async jobWhen(id: string, holds: (job: JobAnswer) => boolean, withinMs = 120_000): Promise<JobAnswer> {
    let last: JobAnswer | undefined;
    return eventually(
      async () => {
        last = await this.get<JobAnswer>(`/api/v1/jobs/${id}`).catch(() => last);
        return last && holds(last) ? last : undefined;
      },
      withinMs,
      () => `the job, which is ${JSON.stringify(last)}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker[Symbol.asyncDispose]()));
    await this.orchestrator[Symbol.asyncDispose]();
  }

  /** Everything here asks as an admin, where the orchestrator has one. */
  private get authorization(): Record<string, string> {
    const token = this.environment.LONGSHORE_ADMIN_TOKEN;
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  private async startOrchestrator(port: string): Promise<void> {
    this.orchestrator = startProgram('orchestrator', {
      ...this.environment,
      ...this.ofOrchestrator,
      LONGSHORE_PORT: port,
    });
    const [, url = ''] = await this.orchestrator.wrote(/serves at (http:[^\s"]+)/);
    this.url = url;
  }
}
