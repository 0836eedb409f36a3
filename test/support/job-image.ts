/** The example of an image that is both worker and job, built and run as docs/images.md says. */
import { join } from 'node:path';
import Docker, { type Container } from 'dockerode';
import { imageUser } from './compose-stack.js';
import { Process, repository } from './process.js';
import type { Sandbox } from './sandbox.js';

const docker = new Docker();

export class JobImage implements AsyncDisposable {
  private constructor(
    private readonly tag: string,
    /** What identifies its content. */
    readonly id: string,
  ) {}

  static async build(): Promise<JobImage> {
    const tag = `longshore-story-job:${process.pid}`;
    const folder = join(repository, 'examples', 'job-image');
    const { code, stderr } = await new Process('docker', ['build', '--force-rm', '--tag', tag, folder]).ended;
    if (code !== 0) throw new Error(stderr);
    return new JobImage(tag, (await docker.getImage(tag).inspect()).Id);
  }

  /** Without rights, without a root it could write to, and without any engine. */
  async start(sandbox: Sandbox, orchestratorUrl: string): Promise<JobWorker> {
    const container = await docker.createContainer({
      Image: this.tag,
      name: `longshore-story-job-${process.pid}`,
      Env: [`LONGSHORE_URL=${orchestratorUrl}`, `LONGSHORE_IMAGE_DIGEST=${this.id}`],
      HostConfig: {
        NetworkMode: 'host',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        Memory: 512 * 1024 ** 2,
        Tmpfs: { '/tmp': `uid=${imageUser}` },
        Binds: [
          ...['in', 'out'].map((name) => `${sandbox.path(name)}:${sandbox.path(name)}`),
          `${sandbox.path('work')}:/var/lib/longshore/work`,
        ],
      },
    });
    await container.start();
    return new JobWorker(container);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await docker.getImage(this.tag).remove();
  }
}

class JobWorker implements AsyncDisposable {
  constructor(readonly container: Container) {}

  async output(): Promise<string> {
    return (await this.container.logs({ stdout: true, stderr: true })).toString('utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.container.remove({ force: true });
  }
}
