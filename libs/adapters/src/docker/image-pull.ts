/** Finds an image on the engine's machine, or fetches it. */
import { LongshoreError, type ImageFacts, type PullProgress } from '@longshore/core';
import type { ImageInspectInfo } from 'dockerode';
import type { EngineConnection } from './engine-connection.js';
import { statusOf } from './engine-errors.js';
import { jsonLines } from './json-lines.js';
import { LayerProgress, type PullMessage } from './layer-progress.js';
import { pullError } from './pull-errors.js';

/** Keeps anything that is no image name out of the engine's URLs. */
const IMAGE_NAME = /^[a-z0-9][\w.:/@-]*$/i;

export async function ensureImage(
  connection: EngineConnection,
  image: string,
  onProgress?: (progress: PullProgress) => void,
): Promise<ImageFacts> {
  const present = await findImage(connection, asImageName(image));
  if (present !== undefined) return factsOf(present, image);
  await pull(connection, image, onProgress);
  const pulled = await findImage(connection, image);
  if (pulled !== undefined) return factsOf(pulled, image);
  throw new LongshoreError('image-pull-failed', `The image ${image} was pulled, but the engine does not have it.`);
}

/** @throws LongshoreError `image-not-found` for what is no name at all */
export function asImageName(image: string): string {
  if (IMAGE_NAME.test(image) && !image.includes('..')) return image;
  throw new LongshoreError('image-not-found', `"${image}" is not the name of an image.`, {
    remedy: 'Write it as registry/name:tag or name@sha256:digest.',
  });
}

/** @returns undefined where it is not on the engine's machine */
export async function findImage(connection: EngineConnection, image: string): Promise<ImageInspectInfo | undefined> {
  try {
    return await connection.ask(`looking for the image ${image}`, () => connection.docker.getImage(image).inspect(), {
      image,
    });
  } catch (thrown) {
    if (statusOf(thrown) === 404) return undefined;
    throw thrown;
  }
}

/** Not bounded in time: the engine gives no sign of life between two layers, and a large layer takes as long as it takes. */
async function pull(
  connection: EngineConnection,
  image: string,
  onProgress?: (progress: PullProgress) => void,
): Promise<void> {
  const layers = new LayerProgress();
  try {
    const stream = (await connection.docker.pull(image)) as AsyncIterable<Uint8Array>;
    // A pull that fails after its first line has already been answered with 200.
    for await (const message of jsonLines<PullMessage>(stream)) {
      if (message.error !== undefined) throw new Error(message.errorDetail?.message ?? message.error);
      const progress = layers.update(message);
      if (progress !== undefined) onProgress?.(progress);
    }
  } catch (thrown) {
    throw pullError(thrown, image);
  }
}

/** The digest of the registry where there is one, as another machine would find it; an image made here has only its own id. */
export function factsOf(found: Pick<ImageInspectInfo, 'Id' | 'RepoDigests' | 'Size'>, image: string): ImageFacts {
  const repository = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const digests = (found.RepoDigests ?? []).map((reference) => reference.split('@'));
  const digest = (digests.find(([name]) => name === repository) ?? digests[0])?.[1];
  return { digest: digest ?? found.Id, sizeBytes: found.Size };
}
