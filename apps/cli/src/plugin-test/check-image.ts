/** Looks whether the image of a plugin is here, or can be brought here. */
import { DockerContainerEngine } from '@longshore/adapters/docker';
import { formatBytes, LongshoreError, type ContainerEngine, type JobPlugin } from '@longshore/core';
import { failed, ok, type Check } from './check.js';

/** @param engine undefined where commands run without containers, as LONGSHORE_ENGINE=process says */
export async function checkImage(plugin: JobPlugin, engine = engineHere()): Promise<Check> {
  const { image } = plugin.container;
  if (!engine) return ok('image', `${image} is not looked for: commands run without containers here`);
  try {
    const { digest, sizeBytes } = await engine.ensureImage(image);
    return ok('image', `${image} is here (${formatBytes(sizeBytes)}, ${digest.slice(0, 19)})`);
  } catch (thrown) {
    if (!(thrown instanceof LongshoreError)) throw thrown;
    const advice = thrown.remedy ?? 'Start Docker, or mend the name of the image.';
    const mayBeOwn = ['image-not-found', 'access-denied', 'registry-unreachable'].includes(thrown.code);
    const build = mayBeOwn ? ` Where it is your own: docker build --tag ${image} image` : '';
    return failed('image', thrown.message, `${advice}${build}`);
  }
}

function engineHere(): ContainerEngine | undefined {
  return process.env.LONGSHORE_ENGINE === 'process' ? undefined : new DockerContainerEngine();
}
