/** What the operator of a machine allows containers there. It wins over what a plugin wishes. */
import { LongshoreError } from '../errors/longshore-error.js';
import type { ContainerDefinition, Network, ResourceLimits } from './job-plugin.js';
import { formatBytes } from './memory-size.js';
import { limitsOf, type Limits } from './resource-limits.js';

export interface ContainerPolicy {
  /** The most a container is given of each; what is not named is up to the plugin. */
  largest: Partial<Limits>;
  networks: readonly Network[];
  /** Patterns of image names in which `*` stands for anything; undefined allows every image. */
  images?: readonly string[];
}

export interface PermittedContainer {
  definition: ContainerDefinition;
  /** What the plugin wished for and does not get, one sentence each. */
  reduced: string[];
}

/**
 * The definition with every limit brought down to the policy.
 *
 * @throws LongshoreError `invalid-configuration` for a network or an image that is not allowed: less of either would be something else
 */
export function underPolicy(definition: ContainerDefinition, policy: ContainerPolicy): PermittedContainer {
  refuseNetwork(definition, policy);
  refuseImage(definition, policy);
  const wished = limitsOf(definition.resources);
  const given = Object.fromEntries(
    limitNames.map((name) => [name, Math.min(wished[name], policy.largest[name] ?? Infinity)]),
  ) as unknown as Limits;
  const reduced = limitNames
    .filter((name) => given[name] < wished[name])
    .map((name) => `The plugin asks for ${inWords(name, wished)}; this worker gives it ${inWords(name, given)}.`);
  return { definition: { ...definition, resources: resourcesOf(given) }, reduced };
}

const limitNames = [
  'cpus',
  'memoryBytes',
  'pids',
  'openFiles',
  'outputBytes',
  'outputFiles',
  'temporaryBytes',
] as const satisfies (keyof Limits)[];

const words: Record<keyof Limits, string> = {
  cpus: 'processors',
  memoryBytes: 'of memory',
  pids: 'processes',
  openFiles: 'open files',
  outputBytes: 'of outputs',
  outputFiles: 'files of outputs',
  temporaryBytes: 'of /tmp',
};

function inWords(name: keyof Limits, limits: Limits): string {
  const amount = name.endsWith('Bytes') ? formatBytes(limits[name]) : String(limits[name]);
  return `${amount} ${words[name]}`;
}

function resourcesOf(limits: Limits): ResourceLimits {
  const { memoryBytes, outputBytes, temporaryBytes, ...counts } = limits;
  return {
    ...counts,
    memory: sizeText(memoryBytes),
    outputBytes: sizeText(outputBytes),
    temporaryBytes: sizeText(temporaryBytes),
  };
}

/** A whole unit where there is one, because people read it in messages. */
function sizeText(bytes: number): string {
  const short = formatBytes(bytes)
    .replace(/\.0(?= )/, '')
    .replace(' ', '');
  return limitsOf({ cpus: 1, pids: 1, memory: short }).memoryBytes === bytes ? short : `${bytes}B`;
}

function refuseNetwork({ network }: ContainerDefinition, { networks }: ContainerPolicy): void {
  if (networks.includes(network)) return;
  throw new LongshoreError(
    'invalid-configuration',
    `The plugin wants the network "${network}", and this worker allows ${networks.join(', ') || 'none at all'}.`,
    {
      remedy: `Let it with LONGSHORE_ALLOW_NETWORKS=${[...networks, network].join(',')}, if you trust its image with that.`,
    },
  );
}

function refuseImage({ image }: ContainerDefinition, { images }: ContainerPolicy): void {
  if (images === undefined || images.some((pattern) => matches(pattern, image))) return;
  throw new LongshoreError(
    'invalid-configuration',
    `The plugin wants the image ${image}, and this worker allows ${images.join(', ')}.`,
    { remedy: 'Add it to LONGSHORE_ALLOW_IMAGES, if you trust it.' },
  );
}

function matches(pattern: string, image: string): boolean {
  const literal = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's').test(image);
}
