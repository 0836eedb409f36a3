/** The operator's policy for containers, read from the environment. */
import type { Settings } from '@longshore/adapters/settings';
import { LongshoreError, messageOf, networks, parseBytes, type ContainerPolicy, type Network } from '@longshore/core';

/** @throws LongshoreError `invalid-configuration` */
export function containerPolicy(settings: Settings): ContainerPolicy {
  const most = (name: string, integer: boolean): number =>
    settings.number(name, Infinity, { min: integer ? 1 : 0.01, max: 1e9, integer });
  const images = settings.list('LONGSHORE_ALLOW_IMAGES');
  return {
    largest: {
      cpus: most('LONGSHORE_MAX_CPUS', false),
      memoryBytes: size(settings, 'LONGSHORE_MAX_MEMORY'),
      pids: most('LONGSHORE_MAX_PIDS', true),
      openFiles: most('LONGSHORE_MAX_OPEN_FILES', true),
      outputBytes: size(settings, 'LONGSHORE_MAX_OUTPUT_BYTES'),
      outputFiles: most('LONGSHORE_MAX_OUTPUT_FILES', true),
      temporaryBytes: size(settings, 'LONGSHORE_MAX_TMP'),
    },
    networks: allowedNetworks(settings),
    ...(images.length > 0 && { images }),
  };
}

/** A size such as `4GiB`, in bytes; without one and without a fallback there is no limit. */
export function size(settings: Settings, name: string, fallback?: string): number {
  const text = settings.text(name, fallback ?? '');
  if (text === '') return Infinity;
  try {
    return parseBytes(text);
  } catch (thrown) {
    throw new LongshoreError('invalid-configuration', `${name} cannot be read: ${messageOf(thrown)}.`, {
      remedy: `Set ${name} to a number with a unit, such as 512MiB or 4GiB, or unset it.`,
    });
  }
}

function allowedNetworks(settings: Settings): Network[] {
  const names = settings.list('LONGSHORE_ALLOW_NETWORKS');
  const unknown = names.find((name) => !(networks as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new LongshoreError('invalid-configuration', `LONGSHORE_ALLOW_NETWORKS names "${unknown}".`, {
      remedy: `Set it to some of ${networks.join(', ')}, separated by commas, or unset it.`,
    });
  }
  return names.length > 0 ? (names as Network[]) : ['none'];
}
