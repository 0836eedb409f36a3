/** From a request to the spec of a job, or to a refusal. */
import {
  allowStorage,
  batchingRule,
  defaultJobPolicy,
  defaultMinBytes,
  defaultSkipRule,
  formatLocation,
  inField,
  LongshoreError,
  parseLocation,
  readParams,
  refuseFolderSettings,
  sameLocation,
  together,
  withStorage,
  type JobSpec,
  type Location,
  type SkipRule,
  type StoragePolicy,
} from '@longshore/core';
import { storageSettings, type CreateJobRequest, type SkipMessage } from '@longshore/core/protocol';
import type { PluginCatalog } from '../plugins/plugin-catalog.js';

/**
 * Everything that is wrong is told at once.
 *
 * @throws LongshoreError `plugin-unknown`, `invalid-parameters`, `location-invalid`, `storage-refused`, `invalid-request`
 */
export function jobSpec(request: CreateJobRequest, plugins: PluginCatalog, storagePolicy: StoragePolicy): JobSpec {
  const { storage } = request;
  const [plugin, input, output, params, skip] = together(
    () => inField('plugin', () => plugins.get(request.plugin)),
    () => inField('input', () => place(request.input, 'input', storageSettings(storage?.input), storagePolicy)),
    () => inField('output', () => place(request.output, 'output', storageSettings(storage?.output), storagePolicy)),
    // What an unknown plugin takes, nobody knows.
    () => plugins.names.includes(request.plugin) && readParams(plugins.get(request.plugin), request.params ?? {}),
    () => inField('skip', () => skipRule(request.skip)),
  );
  if (sameLocation(input, output)) {
    throw new LongshoreError('location-invalid', `Input and output are both ${formatLocation(input)}.`, {
      remedy: 'Name another place for the output, so that results are not taken for inputs.',
      fields: [{ pointer: '/output', detail: 'It is where the input is.' }],
    });
  }
  const { timeoutSeconds = defaultJobPolicy.timeoutSeconds } = plugin;
  const policy = { ...defaultJobPolicy, timeoutSeconds, ...given(request.policy) };
  const batching = inField('batching', () => batchingRule(given(request.batching), policy.timeoutSeconds));
  return {
    plugin: plugin.name,
    pluginVersion: plugin.version,
    params: { ...params },
    input,
    output,
    include: request.include ?? [...plugin.layout.include],
    exclude: request.exclude ?? [...plugin.layout.exclude],
    batching,
    policy,
    skip,
  };
}

function place(
  text: string,
  what: 'input' | 'output',
  settings: ReturnType<typeof storageSettings>,
  policy: StoragePolicy,
): Location {
  const location = withStorage(parseLocation(text), settings);
  refuseFolderSettings(location, what);
  allowStorage(location, policy);
  return location;
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
