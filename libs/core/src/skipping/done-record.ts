/** What is left beside the outputs about each object that was done: one line of JSON, complete in itself, so that a damaged one costs no other. */
import { createHash } from 'node:crypto';
import type { Variables } from '../groups/job-group.js';
import type { ObjectRef } from '../words/object-ref.js';

export interface DoneOutput {
  /** Name below the output. */
  name: string;
  size_bytes: number;
  sha256: string;
  /** As the output showed it when the job was over: whoever writes over it later gives it another one. */
  etag: string;
}

export interface DoneRecord {
  schema: 1;
  key: string;
  etag: string;
  size_bytes: number;
  /** The bucket of the input, or the URL of its folder. */
  input: string;
  outputs: DoneOutput[];
  record?: Record<string, unknown>;
  plugin: string;
  plugin_version: string;
  params: Record<string, unknown>;
  image_digest: string;
  /** A digest of all objects of its group, where the plugin works on groups: any of them may have shaped the result. */
  group?: string;
  job_id: string;
  task_id: string;
  attempt: number;
  worker_id: string;
  exit_code: number;
  duration_ms: number;
  done_at: string;
}

const texts = ['key', 'etag', 'input', 'plugin', 'plugin_version', 'image_digest', 'job_id', 'task_id'] as const;
const moreTexts = ['worker_id', 'done_at'] as const;
const numbers = ['size_bytes', 'attempt', 'exit_code', 'duration_ms'] as const;

/** The record a line holds; undefined for a line that is damaged, of another schema, or somebody else's. */
export function readDoneRecord(line: string): DoneRecord | undefined {
  try {
    const found: unknown = JSON.parse(line);
    return isDoneRecord(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** A digest that changes when a member of a group comes, goes or changes, or a value that its command is told. */
export function groupDigest(members: readonly ObjectRef[], variables?: Variables): string {
  const hash = createHash('sha256');
  const told = Object.entries(variables ?? {}).map(([name, value]) => JSON.stringify([name, null, value]));
  for (const line of told.sort()) hash.update(`${line}\n`);
  const lines = members.map(({ key, etag }) => JSON.stringify([key, etag]));
  for (const line of lines.sort()) hash.update(`${line}\n`);
  return hash.digest('hex');
}

function isDoneRecord(found: unknown): found is DoneRecord {
  if (!isRecord(found) || found.schema !== 1) return false;
  return (
    [...texts, ...moreTexts].every((name) => typeof found[name] === 'string') &&
    numbers.every((name) => isCount(found[name])) &&
    isRecord(found.params) &&
    (found.record === undefined || isRecord(found.record)) &&
    (found.group === undefined || typeof found.group === 'string') &&
    Array.isArray(found.outputs) &&
    found.outputs.length > 0 &&
    found.outputs.every(isDoneOutput)
  );
}

function isDoneOutput(found: unknown): found is DoneOutput {
  if (!isRecord(found) || !isCount(found.size_bytes)) return false;
  return ['name', 'sha256', 'etag'].every((name) => typeof found[name] === 'string');
}

function isRecord(found: unknown): found is Record<string, unknown> {
  return typeof found === 'object' && found !== null && !Array.isArray(found);
}

function isCount(found: unknown): boolean {
  return typeof found === 'number' && Number.isFinite(found);
}
