/** Whether an object is done already, and if not, why not. The planner and `longshore plan` ask here, so that they cannot differ. */
import { isDeepStrictEqual } from 'node:util';
import type { SkipByOutputs } from '../words/skip-rule.js';
import type { DoneRecord } from './done-record.js';

/** What would be done with an object now. */
export interface WorkNow {
  key: string;
  etag: string;
  /** The bucket of the input, or the URL of its folder. */
  input: string;
  /** Names below the output that the plugin declares for the object. */
  outputs: readonly string[];
  plugin: string;
  pluginVersion: string;
  params: Record<string, unknown>;
  /** The digest of the image workers run; undefined where nobody has said it. */
  image: string | undefined;
}

export interface VisibleOutput {
  sizeBytes: number;
  etag: string;
}

/** What lies in the output under a name now. */
export type LookUp = (name: string) => VisibleOutput | undefined;

/** Why an object has to be done. */
export type Reason =
  | { code: 'not-looked' }
  | { code: 'never-done' }
  | { code: 'input-differs'; from: string; to: string }
  | { code: 'object-changed'; from: string; to: string; job: string }
  | { code: 'plugin-differs'; from: string; to: string }
  | { code: 'version-differs'; plugin: string; from: string; to: string }
  | { code: 'parameter-differs'; name: string; from: unknown; to: unknown }
  | { code: 'outputs-differ'; name: string }
  | { code: 'output-missing'; name: string; job: string }
  | { code: 'output-changed'; name: string; from: number; to: number }
  | { code: 'image-unknown'; from: string }
  | { code: 'image-differs'; from: string; to: string }
  | { code: 'group-changed' }
  | { code: 'too-few-outputs'; found: number; wanted: number; lacks?: string; tooSmall: boolean };

export type Standing =
  { state: 'done'; record: DoneRecord } | { state: 'found'; outputs: string[] } | { state: 'wanted'; why: Reason };

/** By what an earlier job recorded. The image comes last: only where it alone decides, somebody has to wait for a worker to say it. */
export function standingByRecord(now: WorkNow, record: DoneRecord | undefined, lookUp: LookUp): Standing {
  if (!record) return wanted({ code: 'never-done' });
  const why = workDiffers(now, record) ?? outputsDiffer(now, record, lookUp) ?? imageDiffers(now, record);
  return why ? wanted(why) : { state: 'done', record };
}

/** By what lies in the output: only the object's own outputs count, so that one object's never hide another. */
export function standingByOutputs(rule: SkipByOutputs, outputs: readonly string[], lookUp: LookUp): Standing {
  const { nameContains = '', minBytes } = rule;
  const counting = outputs.filter((name) => name.includes(nameContains));
  const found = counting.filter((name) => (lookUp(name)?.sizeBytes ?? -1) >= minBytes);
  const wantedCount = Math.max(1, rule.count ?? counting.length);
  if (found.length >= wantedCount) return { state: 'found', outputs: found };
  const lacks = counting.find((name) => !found.includes(name));
  const tooSmall = lacks !== undefined && lookUp(lacks) !== undefined;
  const counts = { found: found.length, wanted: wantedCount, tooSmall };
  return wanted({ code: 'too-few-outputs', ...counts, ...(lacks !== undefined && { lacks }) });
}

function workDiffers(now: WorkNow, record: DoneRecord): Reason | undefined {
  if (record.input !== now.input) return { code: 'input-differs', from: record.input, to: now.input };
  if (record.etag !== now.etag) {
    return { code: 'object-changed', from: record.etag, to: now.etag, job: record.job_id };
  }
  if (record.plugin !== now.plugin) return { code: 'plugin-differs', from: record.plugin, to: now.plugin };
  if (record.plugin_version !== now.pluginVersion) {
    return { code: 'version-differs', plugin: now.plugin, from: record.plugin_version, to: now.pluginVersion };
  }
  return parameterDiffers(now.params, record.params);
}

/** Parameters are compared as they are stored, because a record has been JSON once. */
function parameterDiffers(now: Record<string, unknown>, before: Record<string, unknown>): Reason | undefined {
  const stored = JSON.parse(JSON.stringify(now)) as Record<string, unknown>;
  const names = [...new Set([...Object.keys(stored), ...Object.keys(before)])].sort();
  const name = names.find((one) => !isDeepStrictEqual(own(stored, one), own(before, one)));
  if (name === undefined) return undefined;
  return { code: 'parameter-differs', name, from: own(before, name), to: own(stored, name) };
}

function own(values: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function outputsDiffer(now: WorkNow, record: DoneRecord, lookUp: LookUp): Reason | undefined {
  const recorded = new Map(record.outputs.map((output) => [output.name, output]));
  for (const name of now.outputs) {
    const before = recorded.get(name);
    if (!before || recorded.size !== now.outputs.length) return { code: 'outputs-differ', name };
    const visible = lookUp(name);
    if (!visible) return { code: 'output-missing', name, job: record.job_id };
    if (visible.sizeBytes !== before.size_bytes || visible.etag !== before.etag) {
      return { code: 'output-changed', name, from: before.size_bytes, to: visible.sizeBytes };
    }
  }
  return undefined;
}

function imageDiffers({ image }: WorkNow, record: DoneRecord): Reason | undefined {
  if (image === undefined) return { code: 'image-unknown', from: record.image_digest };
  if (image !== record.image_digest) return { code: 'image-differs', from: record.image_digest, to: image };
  return undefined;
}

function wanted(why: Reason): Standing {
  return { state: 'wanted', why };
}
