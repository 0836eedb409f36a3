/** A worker of the original system as a process: a Python program that shares nothing with ours. */
import { dirname, join } from 'node:path';
import Docker from 'dockerode';
import { Process, repository, type Environment } from './process.js';
import type { Sandbox } from './sandbox.js';

const program = join(repository, 'test', 'legacy', 'original_worker.py');

/** moto brings boto3, which the original's workers reach S3 with; its server and its Python lie side by side. */
function python(): string {
  const server = process.env.LONGSHORE_MOTO_SERVER;
  return server === undefined ? 'python3' : join(dirname(server), 'python');
}

export class OriginalWorker extends Process {
  private constructor(
    args: string[],
    environment: Environment,
    readonly name: string,
  ) {
    super(python(), [program, ...args], environment);
  }

  static start(
    name: string,
    { url, sandbox, environment }: { url: string; sandbox: Sandbox; environment: Environment },
    ...more: ('--die-after-ack' | '--fail-once' | '--leave-holding')[]
  ): OriginalWorker {
    const args = [url, sandbox.path(name), '--name', name, '--poll', '0.2', ...more];
    return new OriginalWorker(args, environment, name);
  }

  /** Its id at the orchestrator. */
  async id(): Promise<string> {
    return (await this.wrote(/registered (\S+):/))[1] ?? '';
  }

  /** One that was killed leaves its container. */
  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    await new Docker()
      .getContainer(this.name)
      .remove({ force: true })
      .catch(() => undefined);
  }
}
