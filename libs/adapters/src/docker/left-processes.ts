/** Notices what a command has left running in a long-lived container. */
import type { RunningContainer } from '@longshore/core';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineConnection } from './engine-connection.js';

/** docker-init, and the program the container idles with. */
export const OF_THE_CONTAINER = 2;

/** What has just ended is reaped a moment later. One question takes 30 ms; the engine's statistics would take a second each. */
const LOOKS = 4;
const STEP_MS = 25;

/**
 * True also when the engine cannot tell: then nobody may rely on the container being empty.
 *
 * @param atRest how many processes the container has when no command runs
 */
export async function leftProcesses(
  connection: EngineConnection,
  { id, name }: RunningContainer,
  atRest: number,
): Promise<boolean> {
  for (let look = 1; ; look += 1) {
    try {
      const { Processes } = await connection.ask(
        `listing the processes of ${name}`,
        () => connection.docker.getContainer(id).top() as Promise<{ Processes: unknown[] }>,
      );
      if (Processes.length <= atRest) return false;
    } catch {
      return true;
    }
    if (look === LOOKS) return true;
    await sleep(STEP_MS);
  }
}
