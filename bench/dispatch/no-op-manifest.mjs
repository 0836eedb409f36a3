/** What a worker reports of a task that it has done nothing with. */
export function noOpManifest(objects) {
  const entries = objects.map(({ key, etag }) => ({
    objectKey: key,
    etag,
    outputs: [{ name: `${key}.out`, sizeBytes: 10, sha256: 'ab'.repeat(32), token: 'staged' }],
  }));
  return { entries, imageDigest: `sha256:${'cd'.repeat(32)}`, pluginVersion: '1.0.0', exitCode: 0, durationMs: 1 };
}
