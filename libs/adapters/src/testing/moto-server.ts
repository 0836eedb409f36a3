/** moto's server, a stand-in for AWS, as a process of one test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';

const startWithinMs = 30_000;

export class MotoServer implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Uses `LONGSHORE_MOTO_SERVER`, or `moto_server` on the path. */
  static async start(): Promise<MotoServer> {
    const port = await freePort();
    const program = process.env.LONGSHORE_MOTO_SERVER ?? 'moto_server';
    const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    const server = new MotoServer(child, `http://127.0.0.1:${port}`);
    await Promise.race([server.answers(), failed]);
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  private async answers(): Promise<void> {
    const until = performance.now() + startWithinMs;
    while (performance.now() < until) {
      const response = await fetch(`${this.url}/moto-api/`).catch(() => undefined);
      if (response?.ok) return;
      await sleep(100);
    }
    throw new Error(`moto did not answer at ${this.url} within ${startWithinMs} ms.`);
  }
}
