/** A small job with an orchestrator and workers of its own, for stories of one fault each. */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { expect } from '@jest/globals';
import type { JobAnswer, TaskAnswer } from '@longshore/core/protocol';
import { brokenBooks } from './books.js';
import { ChaosProxy } from './chaos-proxy.js';
import { Cluster } from './cluster.js';
import { containersOf, sleepingCommands } from './containers.js';
import { eventually, type Environment, type Process } from './process.js';
import { S3 } from './s3.js';
import { filesBelow, Sandbox } from './sandbox.js';
import { tasksOf } from './tasks.js';

export interface SceneOptions {
  /** 5, where nothing is said: on a busy machine a worker that is well may stand still for two or three. */
  leaseSeconds?: number;
  /** Objects of the job, one to a task. */
  objects?: number;
  /** Input and output lie on S3, behind a proxy. */
  onS3?: boolean;
  /** Of orchestrator and workers. */
  environment?: Environment;
  /** Of the orchestrator alone. */
  ofOrchestrator?: Environment;
}

let scenes = 0;

export class Scene implements AsyncDisposable {
  private readonly inputs = new Map<string, string>();
  private readonly proxies: ChaosProxy[] = [];
  /** Of the names of all workers of this scene. */
  readonly prefix = `scene-${process.pid}-${(scenes += 1)}-`;

  private constructor(
    readonly sandbox: Sandbox,
    readonly cluster: Cluster,
    private readonly storage: { s3: S3; proxy: ChaosProxy } | undefined,
  ) {}

  static async open(options: SceneOptions = {}): Promise<Scene> {
    const { leaseSeconds = 5, objects = 1, onS3 = false, environment = {}, ofOrchestrator } = options;
    const sandbox = await Sandbox.open();
    const storage = onS3 ? await storageOnS3() : undefined;
    const cluster = await Cluster.start(
      sandbox,
      {
        LONGSHORE_LEASE_SECONDS: String(leaseSeconds),
        ...storage?.s3.environmentAt(storage.proxy.url),
        ...environment,
      },
      ofOrchestrator,
    );
    const scene = new Scene(sandbox, cluster, storage);
    for (let number = 0; number < objects; number += 1) await scene.write(`object-${number}.txt`, `content ${number}`);
    return scene;
  }

  /** S3 itself, not behind the proxy. */
  get s3(): S3 {
    return this.storage!.s3;
  }

  /** What stands before S3. */
  get store(): ChaosProxy {
    return this.storage!.proxy;
  }

  async write(name: string, content: string): Promise<void> {
    this.inputs.set(name, content);
    if (this.storage) await this.s3.put('scene', `in/${name}`, Buffer.from(content));
    else await this.sandbox.write(`in/${name}`, content);
  }

  async remove(name: string): Promise<void> {
    this.inputs.delete(name);
    if (this.storage) await this.s3.delete('scene', `in/${name}`);
    else await rm(this.sandbox.path('in', name));
  }

  submit(params: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Promise<JobAnswer> {
    const place = (name: string) => (this.storage ? `s3://scene/${name}/` : this.sandbox.path(name));
    return this.cluster.submit({
      plugin: 'echo',
      input: place('in'),
      output: place('out'),
      params,
      batching: { maxObjects: 1 },
      ...more,
      policy: { retryDelaySeconds: 0, ...(more.policy as object) },
    });
  }

  startWorker(name: string, environment: Environment = {}, plugin = 'echo'): Process {
    return this.cluster.startWorker(this.prefix + name, plugin, environment);
  }

  /** A worker whose requests go through a proxy. */
  async startProxiedWorker(name: string, plugin = 'echo'): Promise<{ worker: Process; proxy: ChaosProxy }> {
    const proxy = await ChaosProxy.before(this.cluster.url);
    this.proxies.push(proxy);
    return { proxy, worker: this.startWorker(name, { LONGSHORE_URL: proxy.url }, plugin) };
  }

  /** Names of the containers of workers whose names begin so. */
  containers(name = ''): Promise<string[]> {
    return containersOf(this.prefix + name);
  }

  /** Waits until the commands of so many tasks are running. */
  async working(commands = 1): Promise<void> {
    const running = async () => ((await sleepingCommands(this.prefix)) === commands ? true : undefined);
    await eventually(running, 30_000, () => `${commands} commands to run`);
  }

  async tasks(job: JobAnswer): Promise<TaskAnswer[]> {
    return tasksOf(this.cluster, job.id);
  }

  /** Waits for the end of the job, which must have given every output once, and right books; resolves with its tasks. */
  async completes(job: JobAnswer, withinMs = 60_000): Promise<TaskAnswer[]> {
    const ended = await this.cluster.jobWhen(job.id, ({ state }) => !['pending', 'running'].includes(state), withinMs);
    expect(ended).toMatchObject({ state: 'completed', objects: { completed: this.inputs.size, dead: 0 } });
    expect(await this.outputs()).toEqual(echoed(this.inputs));
    expect(await brokenBooks(this.cluster, job.id)).toEqual([]);
    const tasks = await this.tasks(job);
    expect(tasks.flatMap((task) => task.file_names).sort()).toEqual(
      [...this.inputs.keys()].map((name) => this.key(name)).sort(),
    );
    return tasks;
  }

  /** Everything visible below the output. */
  async outputs(): Promise<Map<string, string>> {
    const found = this.storage
      ? await this.s3.objectsBelow('scene', 'out/')
      : await filesBelow(this.sandbox.path('out'));
    return new Map([...found].sort().map(([name, content]) => [name, content.toString()]));
  }

  /** Ends the workers in order; nothing of them may be left, and nothing that they staged. */
  async leavesNothing(): Promise<void> {
    for (const worker of this.cluster.workers.filter(({ running }) => running)) {
      expect(await worker.stop()).toMatchObject({ code: 0 });
    }
    await this.leavesNothingBehind();
    if (this.storage) await this.noOpenUploads();
  }

  /** No container and no workspace is here now. */
  async leavesNothingBehind(): Promise<void> {
    expect(await this.containers()).toEqual([]);
    expect(await readdir(this.sandbox.path('work'))).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster[Symbol.asyncDispose]();
    for (const proxy of this.proxies) await proxy[Symbol.asyncDispose]();
    await this.storage?.proxy[Symbol.asyncDispose]();
    await this.storage?.s3[Symbol.asyncDispose]();
    await this.sandbox[Symbol.asyncDispose]();
  }

  private async noOpenUploads(): Promise<void> {
    const none = async () => ((await this.s3.openUploads('scene')) === 0 ? true : undefined);
    await eventually(none, 20_000, () => 'no upload to be open');
  }

  private key(name: string): string {
    return this.storage ? `in/${name}` : name;
  }
}

async function storageOnS3(): Promise<{ s3: S3; proxy: ChaosProxy }> {
  const s3 = await S3.start();
  await s3.createBucket('scene');
  return { s3, proxy: await ChaosProxy.before(s3.url) };
}

function echoed(inputs: Map<string, string>): Map<string, string> {
  const digest = (content: string) => `${createHash('sha256').update(content).digest('hex')}\n`;
  const pairs = [...inputs].flatMap(([name, content]): [string, string][] => [
    [name, content],
    [`${name}.sha256`, digest(content)],
  ]);
  return new Map(pairs.sort());
}
