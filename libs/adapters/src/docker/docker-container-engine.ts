/** Docker, and what speaks its API. */
import {
  ContainerEngine,
  type Command,
  type CommandExit,
  type ContainerSpec,
  type ContainerSummary,
  type ImageFacts,
  type PullProgress,
  type RunningContainer,
} from '@longshore/core';
import type { Container, ContainerCreateOptions, DockerOptions } from 'dockerode';
import { containerOptions, IDLE, programOf } from './container-options.js';
import { EngineConnection } from './engine-connection.js';
import { statusOf } from './engine-errors.js';
import { execCommand } from './exec-command.js';
import { ensureImage } from './image-pull.js';
import { runCommand } from './run-command.js';
import { PROCESSES_AT_REST } from './warm/resident-program.js';
import { WarmSession } from './warm/warm-session.js';
import { untilAborted } from '../commands/until-aborted.js';

export interface DockerEngineOptions extends DockerOptions {
  /** How long any single answer of the engine may take; commands and pulls take as long as they take. */
  answerWithinMs?: number;
}

export class DockerContainerEngine extends ContainerEngine {
  private readonly connection: EngineConnection;
  private readonly warm = new Map<string, WarmSession>();

  /** Without options, the engine that DOCKER_HOST names, or the one at the default socket. */
  constructor({ answerWithinMs, ...options }: DockerEngineOptions = {}) {
    super();
    this.connection = new EngineConnection(options, answerWithinMs);
  }

  ensureImage(image: string, onProgress?: (progress: PullProgress) => void): Promise<ImageFacts> {
    return ensureImage(this.connection, image, onProgress);
  }

  async start(spec: ContainerSpec): Promise<RunningContainer> {
    const container = await this.create(spec, IDLE);
    try {
      await this.connection.ask(`starting ${spec.name}`, (abortSignal) => container.start({ abortSignal }), spec);
    } catch (thrown) {
      await this.discard(container);
      throw thrown;
    }
    const started = { id: container.id, name: spec.name };
    if (!spec.warm) return started;
    const session = await WarmSession.open(this.connection, started);
    if (session) this.warm.set(container.id, session);
    return { ...started, warm: session !== undefined };
  }

  async exec(container: RunningContainer, command: Command): Promise<CommandExit> {
    programOf(command);
    return untilAborted(
      command.signal,
      () => this.execute(container, command),
      () => this.remove(container),
    );
  }

  async run(spec: ContainerSpec, command: Command): Promise<CommandExit> {
    programOf(command);
    command.signal?.throwIfAborted();
    const container = await this.create(spec, command);
    const remove = (): Promise<void> => this.remove(container);
    try {
      const exit = await untilAborted(
        command.signal,
        () => runCommand(this.connection, container, spec, command),
        remove,
      );
      await remove();
      return exit;
    } catch (thrown) {
      await this.discard(container);
      throw thrown;
    }
  }

  async remove({ id }: Pick<RunningContainer, 'id'>): Promise<void> {
    const container = this.connection.docker.getContainer(id);
    this.cool(id);
    try {
      await this.connection.ask(`removing container ${id}`, (abortSignal) =>
        container.remove({ force: true, v: true, abortSignal }),
      );
    } catch (thrown) {
      if (statusOf(thrown) === 409) return this.gone(container);
      if (statusOf(thrown) !== 404) throw thrown;
    }
  }

  async list(label: string): Promise<ContainerSummary[]> {
    const found = await this.connection.ask('listing containers', (abortSignal) =>
      this.connection.docker.listContainers({ all: true, filters: { label: [label] }, abortSignal }),
    );
    return found.map(({ Id, Names, Labels }) => ({ id: Id, name: Names[0]?.replace(/^\//, '') ?? Id, labels: Labels }));
  }

  private async execute(container: RunningContainer, command: Command): Promise<CommandExit> {
    const session = this.warm.get(container.id);
    if (session?.takes(command)) return session.run(command);
    if (!session || session.isBroken) return execCommand(this.connection, container, command);
    session.overtaken();
    const exit = await execCommand(this.connection, container, command, PROCESSES_AT_REST);
    // Without it one more of the command's own would have been taken for the resident process.
    return { ...exit, leftProcesses: exit.leftProcesses || session.isBroken };
  }

  private cool(id: string): void {
    this.warm.get(id)?.[Symbol.dispose]();
    this.warm.delete(id);
  }

  private async create(spec: ContainerSpec, command: Command): Promise<Container> {
    const body = containerOptions(spec, command, await this.connection.cpus());
    // dockerode puts what it is given into the URL as well as into the body, unless told apart; a long argv would not fit there.
    const request = { _query: { name: spec.name }, _body: body } as ContainerCreateOptions;
    return this.connection.ask(
      `creating ${spec.name}`,
      (abortSignal) => this.connection.docker.createContainer({ ...request, abortSignal }),
      { image: spec.image, name: spec.name },
    );
  }

  /** After a failure that is worth more than a second one. */
  private async discard(container: Container): Promise<void> {
    await this.remove(container).catch(() => undefined);
  }

  /** Somebody else's removal is under way. */
  private async gone(container: Container): Promise<void> {
    try {
      await this.connection.ask(`removing container ${container.id}`, (abortSignal) =>
        container.wait({ condition: 'removed', abortSignal }),
      );
    } catch (thrown) {
      if (statusOf(thrown) !== 404) throw thrown;
    }
  }
}
