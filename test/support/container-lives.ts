/** When containers began and ended, as the engine itself tells it. */
import { createInterface } from 'node:readline';
import Docker from 'dockerode';

const docker = new Docker();

export interface ContainerLife {
  worker: string;
  /** Milliseconds of the machine's clock. */
  from: number;
  to: number;
}

interface EngineEvent {
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
  timeNano: number;
}

/** Listens from its beginning on: asked afterwards, the engine has forgotten all but its last events. */
export class ContainerLives implements Disposable {
  private readonly found = new Map<string, ContainerLife>();

  private constructor(
    private readonly workerPrefix: string,
    private readonly stream: NodeJS.ReadableStream & { destroy(): void },
  ) {
    createInterface({ input: stream }).on('line', (line) => this.note(JSON.parse(line) as EngineEvent));
  }

  static async watch(workerPrefix: string): Promise<ContainerLives> {
    const stream = await docker.getEvents({ filters: { type: ['container'], label: ['longshore.worker'] } });
    return new ContainerLives(workerPrefix, stream as NodeJS.ReadableStream & { destroy(): void });
  }

  /** Of all containers of these workers so far, ordered by their beginning. */
  get all(): ContainerLife[] {
    return [...this.found.values()].sort((one, other) => one.from - other.from);
  }

  [Symbol.dispose](): void {
    this.stream.destroy();
  }

  private note({ Action, Actor, timeNano }: EngineEvent): void {
    const worker = Actor.Attributes['longshore.worker'] ?? '';
    const at = timeNano / 1e6;
    if (!worker.startsWith(this.workerPrefix)) return;
    if (Action === 'start') this.found.set(Actor.ID, { worker, from: at, to: Infinity });
    const life = this.found.get(Actor.ID);
    if (life && Action === 'die') life.to = at;
  }
}

/** True when no container began while another one was there. */
export function follow(lives: readonly ContainerLife[]): boolean {
  return lives.every((life, index) => index === 0 || life.from >= lives[index - 1]!.to);
}
