/** The outputs of one accepted attempt: what exists, how large, with which checksum, and from which object. */

/** An output that is uploaded but not visible; plain data, so that any process can publish or abandon it. */
export interface StagedOutput {
  /** Name below the output prefix. */
  name: string;
  sizeBytes: number;
  /** SHA-256 of the content, hexadecimal. */
  sha256: string;
  /** What the store that staged it needs to find it again. */
  token: string;
}

export interface ManifestEntry {
  /** Key of the input object; absent for an output that belongs to the whole task. */
  objectKey?: string;
  etag?: string;
  outputs: StagedOutput[];
  /** The small result the container wrote about this object, where the plugin declares one. */
  record?: Record<string, unknown>;
  /** Who made it, where that was not an attempt of this task. */
  origin?: ResultOrigin;
}

/** The attempt of an earlier job that made a result. */
export interface ResultOrigin {
  jobId: string;
  taskId: string;
  attempt: number;
  workerId: string;
  exitCode: number;
  durationMs: number;
}

/** What a worker reports. */
export interface ReportedManifest {
  entries: ManifestEntry[];
  /** The digest the engine ran, as `sha256:...`. */
  imageDigest: string;
  pluginVersion: string;
  exitCode: number;
  /** Time the command ran, in milliseconds. */
  durationMs: number;
  /** Nothing but the word of a legacy worker: it names no output, and nobody knows what made them. */
  unverified?: true;
}

/** What was accepted, and from whom. */
export interface Manifest extends ReportedManifest {
  /** Number of the attempt, which is its fence. */
  attempt: number;
  workerId: string;
}

export function manifestOutputs(manifest: ReportedManifest): StagedOutput[] {
  return manifest.entries.flatMap((entry) => entry.outputs);
}
