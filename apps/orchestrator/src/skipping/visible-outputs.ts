/** What lies below the output of a job, looked up by name: a million outputs take disk, not memory. */
import {
  isOwnPlace,
  LongshoreError,
  relativeKey,
  type Location,
  type ObjectStore,
  type ScratchTable,
  type VisibleOutput,
} from '@longshore/core';

/** Lists the whole output, page by page, into a table. Where nothing is there yet, nothing is in it. */
export async function listOutputs(
  objects: ObjectStore,
  output: Location,
  table: ScratchTable,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const page of objects.list(output, { signal })) {
      const named = page.map(({ key, sizeBytes, etag }) => [relativeKey(output, key), `${sizeBytes} ${etag}`] as const);
      await table.put(named.filter(([name]) => !isOwnPlace(name)));
    }
  } catch (thrown) {
    if (!(thrown instanceof LongshoreError) || thrown.code !== 'location-not-found') throw thrown;
  }
}

export async function visibleOutputs(
  table: ScratchTable,
  names: readonly string[],
): Promise<(name: string) => VisibleOutput | undefined> {
  const found = await table.get(names);
  return (name) => {
    const value = found.get(name);
    if (value === undefined) return undefined;
    const space = value.indexOf(' ');
    return { sizeBytes: Number(value.slice(0, space)), etag: value.slice(space + 1) };
  };
}
