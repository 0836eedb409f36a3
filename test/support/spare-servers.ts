/** Servers of moto that a test of this story has done with: starting one costs a second of a core, emptying it nothing. */
import { afterAll } from '@jest/globals';
import { MotoServer } from '@longshore/adapters/testing';

const spare: MotoServer[] = [];

afterAll(async () => {
  await Promise.all(spare.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

/** An empty one. */
export async function takeServer(): Promise<MotoServer> {
  return spare.pop() ?? MotoServer.start();
}

/** Empties it for the next test; one that cannot be emptied is ended. */
export async function giveBack(server: MotoServer): Promise<void> {
  const emptied = await fetch(`${server.url}/moto-api/reset`, { method: 'POST' }).catch(() => undefined);
  if (emptied?.ok) spare.push(server);
  else await server[Symbol.asyncDispose]();
}
