/** Brings the image to this machine before any task needs it, and says how far it is. */
import {
  formatBytes,
  LongshoreError,
  type Clock,
  type ContainerEngine,
  type ErrorCode,
  type ImageFacts,
  type PullProgress,
} from '@longshore/core';

const sayEveryMs = 1_000;
const pausesMs = [1_000, 3_000];
const passing: readonly ErrorCode[] = ['registry-busy', 'registry-unreachable', 'disk-full'];

export async function pullImage(
  engine: ContainerEngine,
  clock: Clock,
  image: string,
  say: (line: string) => void,
): Promise<ImageFacts> {
  let saidAt = 0;
  const onProgress = (progress: PullProgress): void => {
    if (clock.now() - saidAt < sayEveryMs) return;
    saidAt = clock.now();
    say(`Pulling ${image}: ${share(progress)}`);
  };
  const facts = await patiently(clock, say, () => engine.ensureImage(image, onProgress));
  if (!engine.encloses) say(`Commands run in the container of this worker itself (${facts.digest}).`);
  else say(`Image ${image} is here (${formatBytes(facts.sizeBytes)}, ${facts.digest}).`);
  return facts;
}

/** Tries again what a registry may grant a little later; the worker backs off once, and not each task for itself. */
async function patiently<T>(clock: Clock, say: (line: string) => void, pull: () => Promise<T>): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await pull();
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError) || !passing.includes(thrown.code)) throw thrown;
      say(`${thrown.sentence} Trying again in ${pauseMs / 1000} s.`);
    }
    await clock.sleep(pauseMs);
  }
  return pull();
}

function share({ currentBytes, totalBytes }: PullProgress): string {
  const percent = totalBytes > 0 ? Math.floor((100 * currentBytes) / totalBytes) : 0;
  return `${percent} % of ${formatBytes(totalBytes)}`;
}
