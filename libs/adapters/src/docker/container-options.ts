/** Turns what Longshore asks for into what the engine's API wants, with the walls every container has. */
import { LongshoreError, limitsOf, type Command, type ContainerSpec } from '@longshore/core';
import { RESIDENT_FOLDER, RESIDENT_FOLDER_OPTIONS } from './warm/resident-program.js';
import type { ContainerCreateOptions, HostConfig, MountSettings } from 'dockerode';

/** Idles for 68 years, in BusyBox and coreutils alike. */
export const IDLE: Command = { argv: ['sleep', '2147483647'] };

const TEMPORARY = '/tmp';

/** When the whole machine runs out of memory, a container is to die before the worker and the engine. */
const DIES_FIRST = 500;

/**
 * The body of a create request.
 *
 * @param engineCpus the engine refuses a limit above the processors it has; a larger wish means "all of them"
 * @throws LongshoreError `invalid-configuration` when a limit is no size
 */
export function containerOptions(spec: ContainerSpec, command: Command, engineCpus: number): ContainerCreateOptions {
  return {
    Image: spec.image,
    // The whole command is the entrypoint: with a Cmd alone, an entrypoint of the image would be put before it.
    Entrypoint: command.argv,
    Cmd: [],
    Env: environmentList(command.environment),
    User: spec.user,
    Labels: spec.labels,
    Healthcheck: { Test: ['NONE'] },
    HostConfig: hostConfig(spec, engineCpus),
  };
}

/**
 * What is to be executed.
 *
 * @throws LongshoreError `command-not-found` when the command is empty: the engine would run the image's own command instead
 */
export function programOf({ argv: [program] }: Command): string {
  if (program) return program;
  throw new LongshoreError('command-not-found', 'The command is empty: there is no program to run.');
}

/** `NAME=value` lines, as exec and create take them. */
export function environmentList(environment: Record<string, string> = {}): string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

function hostConfig({ mounts, network, resources, warm }: ContainerSpec, engineCpus: number): HostConfig {
  const { memoryBytes, temporaryBytes, ...limits } = limitsOf(resources);
  return {
    NetworkMode: network,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: true,
    Tmpfs: {
      ...(!mounts.some((mount) => mount.container === TEMPORARY) && {
        [TEMPORARY]: `size=${temporaryBytes},mode=1777`,
      }),
      ...(warm && { [RESIDENT_FOLDER]: RESIDENT_FOLDER_OPTIONS }),
    },
    PidsLimit: limits.pids,
    Memory: memoryBytes,
    // Memory and swap together; equal means no swap.
    MemorySwap: memoryBytes,
    NanoCpus: Math.round(Math.min(limits.cpus, engineCpus) * 1e9),
    OomScoreAdj: DIES_FIRST,
    Ulimits: [
      ulimit('nofile', limits.openFiles),
      // One byte more than is allowed, so that a file which hit the wall can be told from one that just fits.
      ulimit('fsize', limits.outputBytes + 1),
      ulimit('core', 0),
    ],
    // Reaps what a command leaves behind; else every orphan would stay a zombie and count as a process.
    Init: true,
    // 30 MB of output take 6.3 s through the json-file driver and 0.8 s without; attaching works all the same.
    LogConfig: { Type: 'none', Config: {} },
    Mounts: mounts.map(bindMount),
  };
}

function ulimit(Name: string, most: number): { Name: string; Soft: number; Hard: number } {
  return { Name, Soft: most, Hard: most };
}

// A bind mount cannot be given nosuid or nodev through the API of any version; it inherits them from the file system it is of. Without
// privileges to gain and without the capability to make devices, neither is of use in the container.
// Not the `Binds` strings, which split at every colon of a path.
function bindMount({ host, container, readOnly }: ContainerSpec['mounts'][number]): MountSettings {
  return { Type: 'bind', Source: host, Target: container, ReadOnly: readOnly };
}
