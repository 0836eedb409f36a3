/** A shell on a machine of its own, as far as mounts and network go, which runs what a page shows. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { eventually, repository } from '../support/process.js';
import { Sandbox } from '../support/sandbox.js';

export interface Answer {
  code: number;
  /** What it wrote to both streams. */
  output: string;
}

const ready = /serves at http|Registered at http/;
const longestCommandMs = 180_000;
const longestFarewellMs = 20_000;

export class GuideMachine implements AsyncDisposable {
  private readonly codes: AsyncIterator<string>;
  private given = 0;
  private complaint = '';

  private constructor(
    private readonly sandbox: Sandbox,
    private readonly shell: ChildProcess,
  ) {
    this.codes = createInterface({ input: shell.stdio[3] as Readable })[Symbol.asyncIterator]();
    shell.stderr?.setEncoding('utf8').on('data', (text: string) => (this.complaint += text));
  }

  static async start(): Promise<GuideMachine> {
    const sandbox = await Sandbox.open();
    const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
    const spaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private'];
    const program = ['bash', join(import.meta.dirname, 'machine.sh'), sandbox.folder, repository];
    const shell = spawn('unshare', [...asRoot, ...spaces, ...program], { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
    return new GuideMachine(sandbox, shell);
  }

  /** The words of the shell are a protocol of their own: kind and command, each ended by a zero byte. */
  async run(command: string): Promise<Answer> {
    const code = await this.give('command', command);
    return { code, output: await this.written() };
  }

  /** Until it says that it is ready; it ends with the machine. */
  async serve(command: string): Promise<Answer> {
    await this.give('server', command);
    const output = await eventually(
      async () => {
        const text = await this.written();
        return ready.test(text) ? text : undefined;
      },
      30_000,
      () => `${command} to be ready`,
    ).catch(async (thrown: unknown) => {
      throw new Error(`${String(thrown)}\n${await this.written()}`);
    });
    return { code: 0, output };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.shell.once('close', resolve));
    this.shell.stdin?.end();
    const late = setTimeout(() => this.shell.kill('SIGKILL'), longestFarewellMs);
    await ended;
    clearTimeout(late);
    await this.sandbox[Symbol.asyncDispose]();
  }

  private async give(kind: string, command: string): Promise<number> {
    this.given += 1;
    this.shell.stdin!.write(`${kind}\0${command}\0`);
    const late = new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error(`Still running: ${command}`)), longestCommandMs).unref(),
    );
    const { value, done } = await Promise.race([this.codes.next(), late]);
    if (done) throw new Error(`The machine ended at: ${command}\n${this.complaint}`);
    return Number(value);
  }

  /** The shell opens the log of a server by and by. */
  private written(): Promise<string> {
    return readFile(this.sandbox.path('log', String(this.given)), 'utf8').catch(() => '');
  }
}
