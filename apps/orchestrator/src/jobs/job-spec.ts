/** From a request to the spec of a job, or to a refusal. */
import {
  allowStorage,
  defaultBatchingRule,
  defaultJobPolicy,
  defaultMinBytes,
  defaultSkipRule,
  formatLocation,
  LongshoreError,
  parseLocation,
  readParams,
  refuseFolderSettings,
  sameLocation,
  withStorage,
  type JobPlugin,
  type JobSpec,
  type SkipRule,
  type StoragePolicy,
} from '@longshore/core';
import { storageSettings, type CreateJobRequest, type SkipMessage } from '@longshore/core/protocol';

/** @throws LongshoreError `invalid-parameters`, `location-invalid`, `storage-refused`, `invalid-request` */
export function jobSpec(request: CreateJobRequest, plugin: JobPlugin, policy: StoragePolicy): JobSpec {
  const input = withStorage(parseLocation(request.input), storageSettings(request.storage?.input));
  const output = withStorage(parseLocation(request.output), storageSettings(request.storage?.output));
  refuseFolderSettings(input, 'input');
  refuseFolderSettings(output, 'output');
  for (const location of [input, output]) allowStorage(location, policy);
  if (sameLocation(input, output)) {
    throw new LongshoreError('location-invalid', `Input and output are both ${formatLocation(input)}.`, {
      remedy: 'Name another place for the output, so that results are not taken for inputs.',
    });
  }
  const { timeoutSeconds = defaultJobPolicy.timeoutSeconds } = plugin;
  return {
    plugin: plugin.name,
    pluginVersion: plugin.version,
    params: { ...readParams(plugin, request.params ?? {}) },
    input,
    output,
    include: request.include ?? [...plugin.layout.include],
    exclude: request.exclude ?? [...plugin.layout.exclude],
    batching: { ...defaultBatchingRule, ...given(request.batching) },
    policy: { ...defaultJobPolicy, timeoutSeconds, ...given(request.policy) },
    skip: skipRule(request.skip),
  };
}

/** Only the fields somebody gave; validation leaves undefined ones on the instance. */
function given<T extends object>(message: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(message ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function skipRule(message: SkipMessage | undefined): SkipRule {
  if (!message) return defaultSkipRule;
  const { by, ...more } = message;
  const options = given(more);
  if (by === 'outputs') return { by, minBytes: defaultMinBytes, ...options };
  const [stray] = Object.keys(options);
  if (stray === undefined) return { by };
  throw new LongshoreError('invalid-request', `skip.${stray} says nothing where skip.by is "${by}".`, {
    remedy: 'Give it with by "outputs", or leave it out.',
  });
}
