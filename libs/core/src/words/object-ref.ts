/** One object of the input, as the listing showed it. */
export interface ObjectRef {
  /** The full key below the bucket, unchanged. */
  key: string;
  /** Size in bytes at the time of the listing. */
  sizeBytes: number;
  /** Changes whenever the content changes; quoted as the store gives it. */
  etag: string;
  /** Set where it lies in an archive and cannot be read before somebody restores it. */
  archived?: true;
}
