/** An orchestrator that meets one accident at a system call; where it dies of it, it is looked at while dead, and started again. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SqliteJobStore } from '@longshore/adapters/sqlite';
import type { JobStore } from '@longshore/core';
import { repository, startProgram, type Ended, type Process } from './process.js';
import type { Sandbox } from './sandbox.js';
import { orchestratorEntry, startWatched } from './strace.js';

export class MortalOrchestrator implements AsyncDisposable {
  deaths = 0;
  private process!: Process;
  private serving!: Promise<string>;
  private over = false;

  private constructor(
    private readonly sandbox: Sandbox,
    private readonly onDeath: (end: Ended) => Promise<void>,
  ) {}

  /** @param accident as strace reads it: `fsync:signal=SIGKILL:when=3`; none for a life without one */
  static start(
    sandbox: Sandbox,
    accident: string | undefined,
    onDeath: (end: Ended) => Promise<void>,
  ): MortalOrchestrator {
    const orchestrator = new MortalOrchestrator(sandbox, onDeath);
    orchestrator.live(accident);
    return orchestrator;
  }

  /** Where it serves, once it does; in its next life where it has died. */
  url(): Promise<string> {
    return this.serving;
  }

  /** The calls of its life so far that touched the state file. */
  get log(): string {
    return this.sandbox.path('calls');
  }

  /** The state as a crash would leave it, in a copy, so that looking repairs nothing. */
  async state<T>(look: (store: JobStore) => Promise<T>): Promise<T> {
    const copy = this.sandbox.path('copy');
    await rm(copy, { recursive: true, force: true });
    await mkdir(copy);
    for (const name of ['state.db', 'state.db-wal']) {
      await copyFile(this.sandbox.path('state', name), join(copy, name)).catch(() => undefined);
    }
    const store = new SqliteJobStore(join(copy, 'state.db'));
    try {
      return await look(store);
    } finally {
      await store.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.over = true;
    await this.process[Symbol.asyncDispose]();
  }

  private live(inject: string | undefined): void {
    const environment = {
      ...this.sandbox.environment,
      LONGSHORE_PORT: '0',
      LONGSHORE_PLUGINS: 'echo',
      NODE_COMPILE_CACHE: join(repository, '.cache', 'compiled'),
    };
    const watched = {
      trace: 'pwrite64,fsync,fdatasync',
      inject,
      log: this.log,
      files: ['state.db', 'state.db-wal'].map((name) => this.sandbox.path('state', name)),
    };
    this.process =
      this.deaths > 0
        ? startProgram('orchestrator', environment)
        : startWatched(watched, [orchestratorEntry()], environment);
    const life = this.process;
    const nextLife = this.after(life);
    nextLife.catch(() => undefined);
    this.serving = life
      .wrote(/serves at (http:[^\s"]+)/)
      .then(([, url]) => url ?? '')
      .catch((thrown: unknown) => (life.isOver ? nextLife : Promise.reject(thrown)));
    this.serving.catch(() => undefined);
  }

  /** Looks at what it left, and starts it again. */
  private async after(life: Process): Promise<string> {
    const end = await life.ended;
    if (this.over) return '';
    this.deaths += 1;
    if (this.deaths > 1) throw new Error(`It died without an accident:\n${end.stderr}`);
    await this.onDeath(end);
    this.live(undefined);
    return this.serving;
  }
}
