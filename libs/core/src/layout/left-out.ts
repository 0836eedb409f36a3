/** Which objects of a listing are none of a job's, whatever its plugin makes of the others. */
import type { PluginObject } from '../plugin/job-plugin.js';
import { isOwnPlace } from '../skipping/own-place.js';
import { pathBelow, type Location } from '../words/location.js';
import { isFolderMarker } from './object-name.js';

export type LeftOut = 'folder-marker' | 'own-place' | 'patterns' | 'own-output';

/** A test for objects, by the places of a job. @param selected by its patterns */
export function createLeftOutTest(
  { input, output }: { input: Location; output: Location },
  selected: (relativeKey: string) => boolean,
): (object: PluginObject) => LeftOut | undefined {
  // Results that appear below the input while it is still being listed are not new inputs.
  const ownOutput = pathBelow(output, input);

  return (object) => {
    const { relativeKey } = object;
    if (isFolderMarker(object)) return 'folder-marker';
    if (isOwnPlace(relativeKey)) return 'own-place';
    if (!selected(relativeKey)) return 'patterns';
    return ownOutput !== undefined && relativeKey.startsWith(ownOutput) ? 'own-output' : undefined;
  };
}
