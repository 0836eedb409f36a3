/** A job as somebody types it, and as it is sent. */
import type { CreateJobRequest, FieldFault } from '@longshore/core/protocol';
import { readFields, type ParamField } from './param-fields.js';
import { readRules, type TypedRules } from './rule-fields.js';

export interface Draft {
  plugin: string;
  input: string;
  output: string;
  /** As typed, by name. */
  params: Record<string, string>;
  rules: TypedRules;
}

export function requestOf(draft: Draft, fields: readonly ParamField[]): CreateJobRequest {
  const params = readFields(fields, draft.params);
  return {
    plugin: draft.plugin,
    input: draft.input.trim(),
    output: draft.output.trim(),
    ...(Object.keys(params).length > 0 && { params }),
    ...readRules(draft.rules),
  };
}

/** What is wrong with each field, by its place in the request without the leading slash. */
export function faultsByField(faults: readonly FieldFault[]): Record<string, string> {
  return Object.fromEntries(faults.map(({ pointer, detail }) => [pointer.replace(/^\//, ''), detail]));
}
