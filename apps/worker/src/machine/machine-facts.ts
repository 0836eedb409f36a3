/** What a worker finds out about the machine it runs on, before it introduces itself. */
import type { Machine, MachineIdentity } from '@longshore/core';
import { findGpus, type Gpus } from './gpus.js';

export interface MachineFacts {
  identity?: MachineIdentity | undefined;
  gpus?: Gpus | undefined;
}

/** Never fails: a worker works as well on a machine of which little is known. */
export async function gatherFacts(
  machine: Machine,
  gpus: () => Promise<Gpus | undefined> = findGpus,
): Promise<MachineFacts> {
  const identity = machine.identity().catch(() => undefined);
  return { identity: await identity, gpus: await gpus() };
}
