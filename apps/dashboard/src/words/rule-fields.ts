/** What may be said of a job besides its parameters: each field, where it goes in the request, and how it is read. */
import type { PluginAnswer } from '@longshore/core/protocol';
import type { ParamField } from './param-fields.js';

/** As typed, by place in the request, such as `policy/maxAttempts`. */
export type TypedRules = Readonly<Record<string, string>>;

export interface RuleField {
  place: string;
  kind: ParamField['kind'] | 'words' | 'numberOrText';
  label: string;
  hint: string;
  choices?: readonly string[];
  /** Shown only where this is so. */
  when?: (rules: TypedRules) => boolean;
}

export interface RuleGroup {
  title: string;
  fields: readonly RuleField[];
}

const byOutputs = (rules: TypedRules) => rules['skip/by'] === 'outputs';
const withKey = (rules: TypedRules) => (rules['storage/output/encryption/type'] ?? '').startsWith('aws:kms');

const storageClasses = ['STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'REDUCED_REDUNDANCY'];

export const ruleGroups: readonly RuleGroup[] = [
  {
    title: 'Objects',
    fields: [
      { place: 'include', kind: 'words', label: 'Include', hint: 'Patterns of keys, a space between' },
      { place: 'exclude', kind: 'words', label: 'Exclude', hint: 'Patterns of keys to leave out' },
      {
        place: 'skip/by',
        kind: 'choice',
        label: 'Skip what is done',
        choices: ['manifest', 'outputs', 'none'],
        hint: 'By the records of earlier jobs (manifest), by outputs that are there, or not at all; else manifest',
      },
      {
        place: 'skip/count',
        kind: 'integer',
        label: 'Outputs that must be there',
        hint: 'Of each object; else all of them',
        when: byOutputs,
      },
      {
        place: 'skip/minBytes',
        kind: 'integer',
        label: 'Smallest output',
        hint: 'Bytes; a smaller one does not count; else 1',
        when: byOutputs,
      },
      {
        place: 'skip/nameContains',
        kind: 'text',
        label: 'Part of their names',
        hint: 'Only outputs whose name holds this count',
        when: byOutputs,
      },
    ],
  },
  {
    title: 'Tasks',
    fields: [
      { place: 'batching/maxObjects', kind: 'integer', label: 'Objects in a task', hint: 'At most; else 10' },
      { place: 'batching/maxBytes', kind: 'integer', label: 'Bytes in a task', hint: 'At most; else any number' },
      {
        place: 'batching/targetSeconds',
        kind: 'number',
        label: 'Seconds a task',
        hint: 'Tasks are cut to take so long; else they have a fixed size',
      },
      { place: 'policy/maxAttempts', kind: 'integer', label: 'Attempts', hint: 'A task may fail so often; else 3' },
      { place: 'policy/timeoutSeconds', kind: 'number', label: 'Time limit', hint: 'Seconds for one command' },
      {
        place: 'policy/retryDelaySeconds',
        kind: 'number',
        label: 'Retry delay',
        hint: 'Seconds before the second try; else 5',
      },
      {
        place: 'policy/toleratedDead',
        kind: 'numberOrText',
        label: 'Tolerated dead',
        hint: 'A number of objects, or a share such as 2%; else 0',
      },
    ],
  },
  { title: 'Storage of the input', fields: access('input') },
  {
    title: 'Storage of the output',
    fields: [
      ...access('output'),
      {
        place: 'storage/output/storageClass',
        kind: 'choice',
        label: 'Storage class',
        choices: storageClasses,
        hint: 'Else the standard one of the bucket',
      },
      {
        place: 'storage/output/encryption/type',
        kind: 'choice',
        label: 'Encryption',
        choices: ['AES256', 'aws:kms', 'aws:kms:dsse'],
        hint: 'Else as the bucket has it',
      },
      {
        place: 'storage/output/encryption/key',
        kind: 'text',
        label: 'Key of the encryption',
        hint: 'Id, alias or ARN of a KMS key; else that of the bucket',
        when: withKey,
      },
      { place: 'storage/output/tags', kind: 'json', label: 'Tags', hint: 'As JSON: {"project": "nuclei"}' },
      {
        place: 'storage/output/contentTypes',
        kind: 'json',
        label: 'Content types',
        hint: 'As JSON, by patterns of names: {"*.tif": "image/tiff"}',
      },
      {
        place: 'storage/output/acl',
        kind: 'choice',
        label: 'Ownership',
        choices: ['bucket-owner-full-control'],
        hint: 'For buckets of another account that ask for it',
      },
    ],
  },
];

function access(side: 'input' | 'output'): RuleField[] {
  const at = `storage/${side}`;
  return [
    { place: `${at}/region`, kind: 'text', label: 'Region', hint: 'Such as eu-central-1; else that of the process' },
    { place: `${at}/endpoint`, kind: 'text', label: 'Endpoint', hint: 'Address of a store that is not AWS' },
    { place: `${at}/role/arn`, kind: 'text', label: 'Role', hint: 'ARN of a role to take on there' },
    { place: `${at}/role/externalId`, kind: 'text', label: 'External id', hint: 'Where the role asks for one' },
    {
      place: `${at}/requesterPays`,
      kind: 'switch',
      label: 'Requester pays',
      hint: 'Some buckets refuse whoever does not agree',
    },
  ];
}

/** What the plugin says where the form does not. */
export function hintFor({ place, hint }: RuleField, plugin: PluginAnswer | undefined): string {
  if (place === 'include' && plugin) return `${hint}; else ${plugin.include.join(' ')}`;
  if (place === 'policy/timeoutSeconds') return `${hint}; else ${plugin?.timeout_seconds ?? 600}`;
  return hint;
}

/** The fields that were filled in and are shown, nested as the request has them. */
export function readRules(rules: TypedRules): Record<string, unknown> {
  const request: Record<string, unknown> = {};
  for (const { place, kind, when } of ruleGroups.flatMap(({ fields }) => fields)) {
    const text = (rules[place] ?? '').trim();
    const isSaid = text !== '' && !(kind === 'switch' && text !== 'true') && (when?.(rules) ?? true);
    if (isSaid) put(request, place.split('/'), valueOf(kind, text));
  }
  return request;
}

/** Text that is not what it should be goes out as it is, and the orchestrator says what is wrong. */
function valueOf(kind: RuleField['kind'], text: string): unknown {
  if (kind === 'switch') return text === 'true';
  if (kind === 'words') return text.split(/\s+/);
  if (kind === 'integer' || kind === 'number' || kind === 'numberOrText') {
    const number = Number(text);
    return Number.isNaN(number) ? text : number;
  }
  if (kind !== 'json') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function put(target: Record<string, unknown>, [name = '', ...below]: string[], value: unknown): void {
  if (below.length === 0) {
    target[name] = value;
    return;
  }
  const inner = (target[name] ?? {}) as Record<string, unknown>;
  target[name] = inner;
  put(inner, below, value);
}
