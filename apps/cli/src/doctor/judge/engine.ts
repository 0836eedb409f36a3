/** Judges the container engine and the image of the plugin. */
import type { EngineFacts, ImageStanding } from '@longshore/adapters/docker';
import { formatBytes, type LongshoreError } from '@longshore/core';
import type { FindingId } from '../catalogue.js';
import { finding, type Finding } from '../finding.js';

const oldest = [20, 10] as const;
const slowDrivers = ['vfs', 'devicemapper'];
/** Room for the image of most plugins. */
const littleRoom = 4 * 1024 ** 3;

/** One finding that it answers, and one for each thing about it that costs something. */
export function judgeEngine(facts: EngineFacts, freeBytes: number | undefined): Finding[] {
  const { version, isRootless, storageDriver, imageFolder } = facts;
  const room = freeBytes === undefined ? '' : `, ${formatBytes(freeBytes)} free in ${imageFolder}`;
  const said = `Docker ${version}${isRootless ? ', rootless' : ''}, ${storageDriver}${room}.`;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  return [
    finding('docker-ok', 'docker', said),
    ...(isOld ? [finding('docker-old', 'docker', `This is Docker ${version}.`)] : []),
    ...(facts.unlimited.length > 0
      ? [finding('docker-unlimited', 'docker', `It cannot limit ${facts.unlimited.join(' and ')} of containers.`)]
      : []),
    ...(slowDrivers.includes(storageDriver)
      ? [
          finding('docker-slow-storage', 'docker', `Its storage driver is ${storageDriver}.`, {
            driver: storageDriver,
          }),
        ]
      : []),
    ...(freeBytes !== undefined && freeBytes < littleRoom
      ? [finding('docker-disk-low', 'docker', `${imageFolder} has ${formatBytes(freeBytes)} free.`)]
      : []),
  ];
}

/** An engine that cannot be asked. */
export function judgeNoEngine(thrown: LongshoreError): Finding {
  return finding(engineFault(thrown), 'docker', thrown.message);
}

function engineFault({ code, message, cause }: LongshoreError): FindingId {
  if (code !== 'engine-unavailable') return 'docker-failed';
  const said = (cause as { code?: string } | undefined)?.code;
  if (said === 'EACCES') return 'docker-denied';
  if (said === 'ENOENT') return 'docker-missing';
  if (said === 'ECONNREFUSED') return 'docker-stopped';
  if (message.startsWith('The address')) return 'docker-address';
  return said === undefined ? 'docker-silent' : 'docker-stopped';
}

export function judgeImage(image: string, standing: ImageStanding, ofEngine: string): Finding {
  const { digest, platforms } = standing;
  const fits = platforms.length === 0 || platforms.includes(ofEngine);
  if (!fits) {
    const made = `The image ${image} is made for ${platforms.join(', ')}, and the engine is ${ofEngine}.`;
    return finding(standing.sizeBytes === undefined ? 'image-unsuitable' : 'image-emulated', 'image', made);
  }
  if (standing.sizeBytes === undefined) {
    return finding('image-pullable', 'image', `${image} is not here yet; its registry has it (${digest}).`);
  }
  return finding('image-ok', 'image', `${image} is here: ${formatBytes(standing.sizeBytes)}, ${digest}.`);
}

const imageFaults: Partial<Record<LongshoreError['code'], FindingId>> = {
  'access-denied': 'image-denied',
  'image-not-found': 'image-missing',
  'image-unsuitable': 'image-unsuitable',
  'registry-busy': 'image-unreachable',
  'registry-unreachable': 'image-unreachable',
};

export function judgeNoImage(image: string, { code, message }: LongshoreError): Finding {
  return finding(imageFaults[code] ?? 'image-missing', 'image', message, { image });
}
