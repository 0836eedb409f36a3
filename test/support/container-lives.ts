/** When containers began and ended, as the engine itself tells it. */
import { text } from 'node:stream/consumers';
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

/** The lives of all containers of these workers that have begun since then, ordered by their beginning. */
export async function containerLives(workerPrefix: string, since: number): Promise<ContainerLife[]> {
  const stream = await docker.getEvents({
    since: Math.floor(since / 1000),
    until: Math.ceil(Date.now() / 1000),
    filters: { type: ['container'], label: ['longshore.worker'] },
  });
  const lines = (await text(stream as NodeJS.ReadableStream & AsyncIterable<Buffer>)).split('\n').filter(Boolean);
  const lives = new Map<string, ContainerLife>();
  for (const { Action, Actor, timeNano } of lines.map((line) => JSON.parse(line) as EngineEvent)) {
    const worker = Actor.Attributes['longshore.worker'] ?? '';
    const at = timeNano / 1e6;
    if (!worker.startsWith(workerPrefix)) continue;
    if (Action === 'start') lives.set(Actor.ID, { worker, from: at, to: Infinity });
    const life = lives.get(Actor.ID);
    if (life && Action === 'die') life.to = at;
  }
  return [...lives.values()].sort((one, other) => one.from - other.from);
}

/** True when no container began while another one was there. */
export function follow(lives: readonly ContainerLife[]): boolean {
  return lives.every((life, index) => index === 0 || life.from >= lives[index - 1]!.to);
}
