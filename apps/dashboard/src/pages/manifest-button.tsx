/** Saves the manifest of a job: a line for each object that is done. */
import { paths } from '../api/paths.js';
import { Save } from '../design/save.js';
import { quoted } from '../words/shell.js';

export function ManifestButton({ id }: { id: string }) {
  return (
    <Save
      label="Manifest"
      title="Save the manifest"
      name={`manifest-${id}.jsonl`}
      path={paths.jobManifest(id)}
      media="application/jsonl"
      command={`longshore manifest ${quoted(id)} > manifest.jsonl`}
    >
      <p>
        A line of JSON for each object that is done: its outputs with checksums, and what made them. For a job of very
        many objects the terminal is the better place.
      </p>
    </Save>
  );
}
