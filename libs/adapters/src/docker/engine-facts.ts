/** What an engine says about itself and about an image, for people who look for a fault; nothing is changed and nothing is pulled. */
import { LongshoreError } from '@longshore/core';
import type { DockerEngineOptions } from './docker-container-engine.js';
import { EngineConnection } from './engine-connection.js';
import { asImageName, factsOf, findImage } from './image-pull.js';
import { pullError } from './pull-errors.js';

export interface EngineFacts {
  version: string;
  isRootless: boolean;
  storageDriver: string;
  /** Where images lie, on the engine's machine. */
  imageFolder: string;
  /** Whether that is this machine, as far as one can tell. */
  isHere: boolean;
  cpus: number;
  memoryBytes: number;
  /** Such as `linux/amd64`. */
  platform: string;
  /** Resources of containers that its kernel does not limit, in words. */
  unlimited: string[];
}

export interface ImageStanding {
  digest: string;
  /** Absent for one that would have to be pulled: a registry tells no size of the whole. */
  sizeBytes?: number;
  /** Those it is made for; empty where nobody tells. */
  platforms: string[];
}

interface EngineInfo {
  ServerVersion: string;
  Driver: string;
  DockerRootDir: string;
  NCPU: number;
  MemTotal: number;
  OSType: string;
  Architecture: string;
  SecurityOptions?: string[] | null;
  MemoryLimit?: boolean;
  CpuCfsQuota?: boolean;
  PidsLimit?: boolean;
}

/** @throws LongshoreError as the methods of a container engine do */
export async function engineFacts({ answerWithinMs, ...options }: DockerEngineOptions = {}): Promise<EngineFacts> {
  const connection = new EngineConnection(options, answerWithinMs);
  const info = await connection.ask('asking how it is', () => connection.docker.info() as Promise<EngineInfo>);
  const limits: [boolean | undefined, string][] = [
    [info.MemoryLimit, 'memory'],
    [info.CpuCfsQuota, 'processor time'],
    [info.PidsLimit, 'the number of processes'],
  ];
  return {
    version: info.ServerVersion,
    isRootless: (info.SecurityOptions ?? []).some((option) => option.includes('rootless')),
    storageDriver: info.Driver,
    imageFolder: info.DockerRootDir,
    isHere: (connection.docker.modem as { socketPath?: unknown }).socketPath !== undefined,
    cpus: info.NCPU,
    memoryBytes: info.MemTotal,
    platform: platformName(info.OSType, info.Architecture),
    unlimited: limits.filter(([holds]) => holds === false).map(([, resource]) => resource),
  };
}

/**
 * The image on the engine's machine, or else in its registry.
 *
 * @throws LongshoreError as pulling it would, but for what is found out only by doing so
 */
export async function imageStanding(
  image: string,
  { answerWithinMs, ...options }: DockerEngineOptions = {},
): Promise<ImageStanding> {
  const name = asImageName(image);
  const connection = new EngineConnection(options, answerWithinMs);
  const found = await findImage(connection, name);
  if (found) return { ...factsOf(found, name), platforms: [platformName(found.Os, found.Architecture)] };
  try {
    const asked = () => connection.docker.getImage(name).distribution() as Promise<Distribution>;
    const { Descriptor, Platforms } = await connection.ask(`asking the registry for ${name}`, asked, { image: name });
    const platforms = (Platforms ?? []).map(({ os, architecture }) => platformName(os, architecture));
    return { digest: Descriptor.digest, platforms: platforms.filter((one) => !one.includes('unknown')) };
  } catch (thrown) {
    // What the connection made of it knows nothing of registries.
    throw pullError(thrown instanceof LongshoreError ? (thrown.cause ?? thrown) : thrown, name);
  }
}

interface Distribution {
  Descriptor: { digest: string };
  Platforms?: { os: string; architecture: string }[] | null;
}

/** As images name processors; the engine says it as the kernel does. */
const architectures: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'arm' };

function platformName(os: string, architecture: string): string {
  return `${os}/${architectures[architecture] ?? architecture}`;
}
