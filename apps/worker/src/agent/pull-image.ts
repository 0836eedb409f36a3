/** Brings the image to this machine before any task needs it, and says how far it is. */
import { formatBytes, type Clock, type ContainerEngine, type ImageFacts, type PullProgress } from '@longshore/core';

const sayEveryMs = 1_000;

export async function pullImage(
  engine: ContainerEngine,
  clock: Clock,
  image: string,
  say: (line: string) => void,
): Promise<ImageFacts> {
  let saidAt = 0;
  const facts = await engine.ensureImage(image, (progress) => {
    if (clock.now() - saidAt < sayEveryMs) return;
    saidAt = clock.now();
    say(`Pulling ${image}: ${share(progress)}`);
  });
  say(`Image ${image} is here (${formatBytes(facts.sizeBytes)}, ${facts.digest}).`);
  return facts;
}

function share({ currentBytes, totalBytes }: PullProgress): string {
  const percent = totalBytes > 0 ? Math.floor((100 * currentBytes) / totalBytes) : 0;
  return `${percent} % of ${formatBytes(totalBytes)}`;
}
