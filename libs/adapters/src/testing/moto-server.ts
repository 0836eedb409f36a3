/** moto's server, a stand-in for AWS, as a process of one test. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

const startWithinMs = 30_000;

type Child = ChildProcessByStdio<null, null, Readable>;

export class MotoServer implements AsyncDisposable {
  private constructor(
    private readonly child: Child,
    readonly url: string,
  ) {}

  /** Runs `LONGSHORE_MOTO_SERVER`, or `moto_server` on the path, until it answers on a free port of this machine. */
  static async start(): Promise<MotoServer> {
    const program = process.env.LONGSHORE_MOTO_SERVER ?? 'moto_server';
    const child = spawn(program, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.removeListener('exit', kill));
    try {
      return new MotoServer(child, await announcedUrl(child));
    } catch (thrown) {
      kill();
      throw new Error(`"${program}" did not start: ${(thrown as Error).message}`, { cause: thrown });
    }
  }

  async createBucket(name: string): Promise<void> {
    const response = await fetch(`${this.url}/${name}`, { method: 'PUT' });
    if (!response.ok) throw new Error(`moto made no bucket ${name}: ${await response.text()}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** It chooses the port itself and says so once it listens; a port chosen for it could be taken meanwhile. */
async function announcedUrl(child: Child): Promise<string> {
  const announced = Promise.withResolvers<string>();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // Read to the end, or the server would stand still with its log unread.
    if (said.length > 10_000) return;
    said += text;
    const [, url] = /Running on (http:\/\/\S+)/.exec(said) ?? [];
    if (url !== undefined) announced.resolve(url);
  });
  child.once('error', announced.reject);
  child.once('exit', (code) => announced.reject(new Error(`it ended with exit code ${code}. ${said}`)));
  const late = setTimeout(
    () => announced.reject(new Error(`no answer in ${startWithinMs} ms. ${said}`)),
    startWithinMs,
  );
  return announced.promise.finally(() => clearTimeout(late));
}
