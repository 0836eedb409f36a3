/** What may become of one request on its way there, and of its answer on the way back. */

export interface Fate {
  /** Wait before it arrives, in milliseconds; later ones overtake it. */
  afterMs?: number;
  /** How often it arrives; once, where nothing is said. */
  arrives?: 'never' | 'once' | 'twice';
  /** Wait before it arrives for the second time. */
  againAfterMs?: number;
  /** What comes back; the true answer, where nothing is said. */
  answer?: Damage | Refusal;
}

/**
 * - `silence`: nothing comes, and the connection stays open.
 * - `reset`: the connection is torn down instead.
 * - `half`: it is torn down in the middle of the answer.
 * - `short`: fewer bytes than the answer itself promises.
 * - `cut-text`: a proper answer whose text ends in the middle.
 * - `flipped`: one bit of the content is wrong.
 */
export type Damage = 'silence' | 'reset' | 'half' | 'short' | 'cut-text' | 'flipped';

/** Somebody on the way answers in the place of the one who was asked. */
export interface Refusal {
  status: number;
  type: string;
  text: string;
}

export interface Heard {
  method: string;
  /** Path and query. */
  path: string;
  headers: string[];
  body: Buffer;
}

export interface Answer {
  status: number;
  headers: string[];
  body: Buffer;
}

export const garbage: Refusal = { status: 502, type: 'text/html', text: '<html><h1>Bad Gateway</h1></html>' };

/** As S3 says it. */
export function s3Refusal(status: number, code: string): Refusal {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message><RequestId>chaos</RequestId></Error>`;
  return { status, type: 'application/xml', text };
}

/** Name of a request of the worker protocol; what a status report says belongs to it. */
export function requestName({ path, body }: Heard): string {
  const [, name = ''] = path.split(/[/?]/);
  if (name !== 'status') return name;
  const { status } = JSON.parse(body.toString()) as { status: string };
  return `status ${status}`;
}
