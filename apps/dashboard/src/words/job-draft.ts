/** A job as somebody types it, and as it is sent. */
import type { CreateJobRequest, FieldFault } from '@longshore/core/protocol';
import { readFields, type ParamField } from './param-fields.js';

export interface Draft {
  plugin: string;
  input: string;
  output: string;
  /** As typed, by name. */
  params: Record<string, string>;
  /** As typed, by place in the request, such as `policy/maxAttempts`. */
  rules: Record<string, string>;
}

export function requestOf(draft: Draft, fields: readonly ParamField[]): CreateJobRequest {
  const params = readFields(fields, draft.params);
  const [include, exclude] = [patterns(draft.rules.include), patterns(draft.rules.exclude)];
  const batching = rulesBelow('batching', draft.rules);
  const policy = rulesBelow('policy', draft.rules);
  return {
    plugin: draft.plugin,
    input: draft.input.trim(),
    output: draft.output.trim(),
    ...(Object.keys(params).length > 0 && { params }),
    ...(include.length > 0 && { include }),
    ...(exclude.length > 0 && { exclude }),
    ...(Object.keys(batching).length > 0 && { batching }),
    ...(Object.keys(policy).length > 0 && { policy }),
  };
}

/** What is wrong with each field, by its place in the request without the leading slash. */
export function faultsByField(faults: readonly FieldFault[]): Record<string, string> {
  return Object.fromEntries(faults.map(({ pointer, detail }) => [pointer.replace(/^\//, ''), detail]));
}

function rulesBelow(place: string, rules: Record<string, string>): Record<string, unknown> {
  const below = Object.entries(rules).filter(([name, text]) => name.startsWith(`${place}/`) && text.trim() !== '');
  return Object.fromEntries(below.map(([name, text]) => [name.slice(place.length + 1), numberOrText(text.trim())]));
}

/** Text that is no number goes out as it is: it may be a share, and otherwise the orchestrator says what is wrong. */
function numberOrText(text: string): number | string {
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function patterns(text = ''): string[] {
  return text.split(/\s+/).filter((pattern) => pattern !== '');
}
