/** A Docker Engine of one test's own, which may be killed and started again without harm to others. Needs root and `dockerd`. */
import Docker from 'dockerode';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** It takes 1 s on an idle machine. */
const startWithinMs = 40_000;

export class PrivateEngine implements AsyncDisposable {
  private child: ChildProcess | undefined;

  private constructor(private readonly folder: string) {}

  /** Starts it with an image of the machine's own engine. */
  static async start(image: string): Promise<PrivateEngine> {
    const engine = new PrivateEngine(await mkdtemp(join(tmpdir(), 'longshore-own-dockerd-')));
    try {
      await engine.startAgain();
      const archive = await new Docker().getImage(image).get();
      const loading = await engine.docker.loadImage(archive);
      await new Promise((resolve, reject) =>
        engine.docker.modem.followProgress(loading, (error) => (error ? reject(error) : resolve(undefined))),
      );
      return engine;
    } catch (thrown) {
      await engine[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  get socketPath(): string {
    return join(this.folder, 'docker.sock');
  }

  /** How many commands are being executed in its containers. */
  async runningCommands(): Promise<number> {
    const containers = await this.docker.listContainers();
    const found = await Promise.all(containers.map(({ Id }) => this.docker.getContainer(Id).inspect()));
    return found.reduce((sum, { ExecIDs }) => sum + ((ExecIDs as unknown as string[] | null)?.length ?? 0), 0);
  }

  /** With the containerd it started, which asks the kernel to die with it. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await this.endContainerd();
  }

  async startAgain(): Promise<void> {
    await rm(join(this.folder, 'docker.pid'), { force: true });
    this.child = spawn('dockerd', this.settings(), { stdio: 'ignore' });
    const failed = once(this.child, 'error').then(([error]) => Promise.reject(error as Error));
    failed.catch(() => undefined);
    const until = performance.now() + startWithinMs;
    for (;;) {
      const answers = this.docker.ping().then(
        () => true,
        () => false,
      );
      if (await Promise.race([answers, failed])) return;
      if (performance.now() > until) throw new Error(`dockerd did not answer at ${this.socketPath}.`);
      await sleep(100);
    }
  }

  /** Containers first: what they run would outlive the engine. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.child) await this.startAgain();
    for (const { Id } of await this.docker.listContainers({ all: true }).catch(() => [])) {
      await this.docker
        .getContainer(Id)
        .remove({ force: true })
        .catch(() => undefined);
    }
    const { child } = this;
    if (child?.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await this.endContainerd();
    // The engine mounts its folder onto itself, and one that was killed leaves it so.
    spawnSync('umount', [join(this.folder, 'data')], { stdio: 'ignore' });
    await rm(this.folder, { recursive: true, force: true });
  }

  private get docker(): Docker {
    return new Docker({ socketPath: this.socketPath });
  }

  private settings(): string[] {
    const at = (name: string): string => join(this.folder, name);
    return [
      ['--host', `unix://${this.socketPath}`],
      ['--data-root', at('data')],
      ['--exec-root', at('exec')],
      ['--pidfile', at('docker.pid')],
      ['--bridge', 'none'],
      ['--iptables=false'],
    ].flat();
  }

  /** An engine may end without the containerd that an earlier one started. */
  private async endContainerd(): Promise<void> {
    const pidFile = join(this.folder, 'exec', 'containerd', 'containerd.pid');
    const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
    // Until somebody reaps it, a dead process looks alive, and the next engine would wait for it.
    await rm(pidFile, { force: true });
    if (!(pid > 1)) return;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended with its engine.
    }
  }
}
