/** The compose file of the project, started on the real engine in a sandbox of its own. */
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@longshore/adapters/testing';
import type { JobAnswer, PageAnswer } from '@longshore/core/protocol';
import Docker, { type ContainerInspectInfo } from 'dockerode';
import { eventually, Process, repository, type Ended, type Environment } from './process.js';
import type { Sandbox } from './sandbox.js';

const docker = new Docker();
export type ProgramName = 'orchestrator' | 'worker-1' | 'worker-2';

/** The user of the images, as whom they run when nobody says otherwise. */
export const imageUser = 1000;

export class ComposeStack implements AsyncDisposable {
  readonly name = `longshore-story-${process.pid}`;
  private readonly adminToken = `lsk_${randomBytes(32).toString('base64url')}`;

  private constructor(
    private readonly command: string[],
    private readonly sandbox: Sandbox,
    private readonly port: number,
    private readonly environment: Environment,
  ) {}

  /** Does what docs/images.md tells an operator to do, and starts the three programs. */
  static async start(sandbox: Sandbox, environment: Environment): Promise<ComposeStack> {
    const stack = new ComposeStack(await composeCommand(), sandbox, await freePort(), environment);
    await stack.prepare();
    const started = await stack.compose('up', '--detach', '--no-build');
    if (started.code !== 0) throw new Error(started.stdout + started.stderr);
    return stack;
  }

  async isHealthy(program: ProgramName): Promise<void> {
    await eventually(
      async () => ((await this.inspect(program)).State.Health?.Status === 'healthy' ? true : undefined),
      60_000,
      () => `${program} to be healthy`,
    );
  }

  async inspect(program: ProgramName): Promise<ContainerInspectInfo> {
    return (await this.containerOf(program)).inspect();
  }

  async containerOf(program: ProgramName): Promise<Docker.Container> {
    const label = [`com.docker.compose.project=${this.name}`, `com.docker.compose.service=${program}`];
    const [found] = await docker.listContainers({ all: true, filters: { label } });
    if (!found) throw new Error(`There is no container of ${program}.`);
    return docker.getContainer(found.Id);
  }

  async submit(request: Record<string, unknown>): Promise<JobAnswer> {
    return this.ask('/api/v1/jobs', { method: 'POST', body: JSON.stringify(request) });
  }

  job(id: string): Promise<JobAnswer> {
    return this.ask(`/api/v1/jobs/${id}`);
  }

  async workerCount(): Promise<number> {
    return (await this.ask<PageAnswer<unknown>>('/api/v1/workers')).items.length;
  }

  compose(...args: string[]): Promise<Ended> {
    const [program = '', ...words] = this.command;
    const file = ['--project-name', this.name, '--file', join(repository, 'compose.yaml')];
    return new Process(program, [...words, ...file, ...args], {
      LONGSHORE_ROOT: this.sandbox.folder,
      LONGSHORE_NAME: this.name,
      LONGSHORE_PORT: String(this.port),
      LONGSHORE_HEALTH_INTERVAL: '1s',
      ...this.environment,
    }).ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.compose('down', '--volumes', '--timeout', '20');
  }

  private async prepare(): Promise<void> {
    const { sandbox } = this;
    for (const folder of ['state', 'work', 'data', 'secrets']) {
      await mkdir(sandbox.path(folder), { recursive: true });
      await chown(sandbox.path(folder), imageUser, imageUser);
    }
    const secrets = { 'admin-token': this.adminToken, 'join-token': randomBytes(32).toString('hex') };
    for (const [name, secret] of Object.entries(secrets)) {
      const path = await sandbox.write(join('secrets', name), secret);
      await chmod(path, 0o600);
      await chown(path, imageUser, imageUser);
    }
    this.environment.DOCKER_GROUP = String((await stat('/var/run/docker.sock')).gid);
  }

  private async ask<T>(path: string, request: RequestInit = {}): Promise<T> {
    const headers = { authorization: `Bearer ${this.adminToken}`, 'content-type': 'application/json' };
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { ...request, headers });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }
}

/** The plugin of the newer command line, or the program that stands alone. */
async function composeCommand(): Promise<string[]> {
  const newer = await new Process('docker', ['compose', 'version']).ended;
  return newer.code === 0 ? ['docker', 'compose'] : ['docker-compose'];
}
