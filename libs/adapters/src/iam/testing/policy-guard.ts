/** Decides about requests to S3 as IAM does: by the policy of whoever sends them. */
import { s3Fault, type Asked, type FaultAnswer } from '../../testing/index.js';
import type { Policy, Statement } from '../policy-words.js';

interface Need {
  action: string;
  resource: string;
  context: Record<string, string>;
}

export class PolicyGuard {
  /** Everything that was allowed, and that was refused. */
  readonly allowed = new Set<string>();
  readonly refused: string[] = [];
  private readonly completed = new Set<string>();

  /** @param policies by access key id */
  constructor(private readonly policies: Record<string, Policy>) {}

  decide(asked: Asked): FaultAnswer | undefined {
    const who = /Credential=([^/]+)/.exec(asked.headers.authorization ?? '')?.[1] ?? '';
    for (const need of needsOf(asked)) {
      const isAllowed = this.policies[who]?.Statement.some((statement) => allows(statement, need)) ?? false;
      if (!isAllowed) {
        this.refused.push(`${who} ${need.action} ${need.resource}`);
        return s3Fault(403, 'AccessDenied', `User is not authorized to perform: ${need.action}`);
      }
      this.allowed.add(`${who} ${need.action}`);
    }
    return this.hidden(asked);
  }

  answered({ method, path }: Asked, status: number): void {
    if (method === 'POST' && path.includes('uploadId=') && status === 200) this.completed.add(keyIn(path));
  }

  /** Who may not list a whole bucket hears of a missing object that it is forbidden. */
  private hidden({ method, path }: Asked): FaultAnswer | undefined {
    return method === 'HEAD' && !this.completed.has(keyIn(path)) ? { status: 403 } : undefined;
  }
}

function keyIn(path: string): string {
  return path.split('?')[0] ?? '';
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
function needsOf({ method, path, headers }: Asked): Need[] {
  const { pathname, searchParams: query } = new URL(path, 'http://s3');
  const [, bucket = '', ...rest] = pathname.split('/');
  const key = decodeURIComponent(rest.join('/'));
  const need = (action: string, context: Record<string, string> = {}): Need => {
    return { action, resource: `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`, context };
  };
  if (key === '') {
    if (method === 'GET' && query.has('uploads')) return [need('s3:ListBucketMultipartUploads')];
    if (method === 'GET' && query.has('list-type')) {
      return [need('s3:ListBucket', { 's3:prefix': query.get('prefix') ?? '' })];
    }
    return [need(`unknown:${method}`)];
  }
  if (method === 'GET' || method === 'HEAD') return [need('s3:GetObject')];
  if (method === 'DELETE') return [need(query.has('uploadId') ? 's3:AbortMultipartUpload' : 's3:DeleteObject')];
  return [
    need('s3:PutObject'),
    ...(headers['x-amz-tagging'] === undefined ? [] : [need('s3:PutObjectTagging')]),
    ...(headers['x-amz-acl'] === undefined ? [] : [need('s3:PutObjectAcl')]),
  ];
}

function allows({ Action, Resource, Condition = {} }: Statement, { action, resource, context }: Need): boolean {
  if (!Action.includes(action) || !Resource.some((pattern) => matches(pattern, resource))) return false;
  return Object.entries(Condition).every(([operator, wanted]) =>
    Object.entries(wanted).every(([name, values]) => {
      const given = context[name];
      return given !== undefined && [values].flat().some((value) => holds(operator, value, given));
    }),
  );
}

function holds(operator: string, wanted: string, given: string): boolean {
  if (operator === 'StringEquals') return wanted === given;
  if (operator === 'StringLike') return matches(wanted, given);
  throw new Error(`Nobody knows the operator ${operator}.`);
}

/** `*` and `?` stand for others, and for themselves in `${*}` and `${?}`. */
function matches(pattern: string, text: string): boolean {
  const expression = pattern.replace(/\$\{([*?$])\}|[*]|[?]|[\\^$.+()[\]{}|]/g, (found, itself: string | undefined) => {
    if (itself !== undefined) return `\\${itself}`;
    if (found === '*') return '.*';
    return found === '?' ? '.' : `\\${found}`;
  });
  return new RegExp(`^${expression}$`, 's').test(text);
}
