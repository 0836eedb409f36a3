/** What each field of a job means: the one text from which come the schema of the job file and the table of its page. */

export interface FieldText {
  /** A few words, for lists of an editor. */
  title: string;
  meaning: string;
  /** What holds where nothing is said, as a reader wants to hear it. */
  otherwise?: string;
}

const field = (title: string, meaning: string, otherwise?: string): FieldText => ({
  title,
  meaning,
  ...(otherwise !== undefined && { otherwise }),
});

/** By their names, in the order of the page. */
export const jobFields: Readonly<Record<string, FieldText>> = {
  plugin: field('Plugin', 'name or path of the plugin'),
  input: field('Input', 'a folder, or `s3://bucket/prefix/`'),
  output: field('Output', 'a folder, or `s3://bucket/prefix/`'),
  params: field('Parameters', 'parameters of the plugin', "the plugin's"),
  include: field('Patterns taken', 'glob patterns of keys below the input that are taken', "the plugin's"),
  exclude: field('Patterns left out', 'glob patterns of keys below the input that are left out', "the plugin's"),
  batching: field('Batching', 'which objects go together in a task'),
  'batching.maxObjects': field('Most objects', 'most objects in a task', '10; 10000 with `targetSeconds`'),
  'batching.maxBytes': field('Most bytes', 'most bytes in a task, as a number or a size such as `64MiB`'),
  'batching.targetSeconds': field(
    'Target',
    'how long a task is to take; tasks are cut as they are asked for, by the speed that was measured ([batches](#batches))',
    'tasks of a fixed size',
  ),
  'batching.minObjects': field('Fewest objects', 'with `targetSeconds`: fewest objects in a task', '1'),
  groups: field('Groups', 'groups of objects, each of which is one task; or the path of a file that lists them'),
  'groups.variables': field('Variables', 'values that the command of this group is told'),
  'groups.objects': field(
    'Objects',
    'patterns of the keys that belong to the group, in which letter case counts, or `{prefix: ...}`',
    'what the plugin says',
  ),
  variables: field('Shared variables', "values that the commands of all groups are told; a group's own win"),
  policy: field('Policy', 'what becomes of tasks that fail'),
  'policy.maxAttempts': field('Attempts', "how often a task may fail by the job's own fault", '3'),
  'policy.maxLosses': field('Losses', "how often it may be lost by nobody's fault", '10'),
  'policy.timeoutSeconds': field('Time limit', 'longest time of one command', "the plugin's"),
  'policy.ackTimeoutSeconds': field(
    'Acknowledgement',
    'longest time from handing a task out to its acknowledgement',
    '60',
  ),
  'policy.retryDelaySeconds': field('Retry delay', 'wait before the second try; grows from there', '5'),
  'policy.toleratedDead': field(
    'Tolerated dead',
    'dead objects with which the job still counts as completed: a number, or a share such as `2%`',
    '0',
  ),
  'policy.retry': field('Retry rules', 'rules, of which the first that matches decides'),
  'policy.retry.on': field('Condition', 'what a rule is about'),
  'policy.retry.on.exit': field('Exit codes', 'an exit code of the command, or several'),
  'policy.retry.on.reason': field('Reasons', 'an error code, or a short name such as `oom`, or several'),
  'policy.retry.then': field('Consequence', '`retry` costs no attempt, `fail` is the last one'),
  skip: field('Skipping', 'what counts as done already; [skipping.md](skipping.md)'),
  'skip.by': field(
    'By what',
    '`manifest`, the records of earlier jobs; `outputs`, what lies there; `none`',
    '`manifest`',
  ),
  'skip.count': field('Outputs', 'with `outputs`: how many outputs of an object must be there', 'all'),
  'skip.minBytes': field('Size', 'with `outputs`: a smaller one does not count', '1'),
  'skip.nameContains': field('Name', 'with `outputs`: only those whose name holds this text count', 'any'),
  storage: field('Storage', 'how the S3 of the job is reached; [storage.md](storage.md)'),
  'storage.input': field('Storage of the input', 'how the S3 of the input is reached', 'the environment'),
  'storage.output': field(
    'Storage of the output',
    'how the S3 of the output is reached, and how outputs are stored',
    'the environment',
  ),
};

const reached = {
  region: field('Region', 'where the bucket is'),
  endpoint: field('Endpoint', 'address of a store that is not AWS; the operator has to allow it'),
  pathStyle: field('Path style', 'buckets as paths instead of host names'),
  requesterPays: field('Requester pays', 'every request says that its sender pays'),
  role: field('Role', 'the role that is taken on there; the operator has to allow it'),
  'role.arn': field('ARN', 'such as `arn:aws:iam::123456789012:role/reader`'),
  'role.externalId': field('External id', 'a word agreed upon with the owner of the role'),
};

const stored = {
  encryption: field('Encryption', 'how outputs are encrypted'),
  'encryption.type': field('Type', '`AES256`, `aws:kms` or `aws:kms:dsse`'),
  'encryption.key': field('Key', 'id, alias or ARN'),
  'encryption.bucketKey': field('Bucket key', 'one key of the bucket for many objects'),
  storageClass: field('Storage class', 'one whose objects can be read at once'),
  contentTypes: field('Content types', 'types by patterns of names, the first that matches', 'by the ending'),
  metadata: field('Metadata', 'texts that each output carries'),
  tags: field('Tags', 'tags that each output carries, at most ten'),
  acl: field('ACL', '`bucket-owner-full-control`'),
};

/** The settings that the page about storage explains. */
export const storageFields: Readonly<Record<string, FieldText>> = {
  ...below('storage.input', reached),
  ...below('storage.output', { ...reached, ...stored }),
};

function below(above: string, fields: Record<string, FieldText>): Record<string, FieldText> {
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [`${above}.${name}`, text]));
}

/** The table of the page about job files. */
export function jobFieldTable(): string {
  const rows = Object.entries(jobFields)
    // A field that only holds others is explained by them.
    .filter(([name]) => !Object.keys(jobFields).some((other) => other.startsWith(`${name}.`)) || isTold(name))
    .map(([name, { meaning, otherwise = '' }]) => `| \`${name}\` | ${meaning} | ${otherwise} |`);
  return ['| name | meaning | default |', '| --- | --- | --- |', ...rows].join('\n');
}

function isTold(name: string): boolean {
  return ['groups', 'policy.retry', 'policy.retry.on', 'skip'].includes(name);
}
