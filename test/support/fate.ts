/** What may become of one request on its way there, and of its answer on the way back. */
import type { StatusRequest, TurnReport, TurnRequest, WorkerStatus } from '@longshore/core/protocol';

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

/** Name of a request of the worker protocol; what its reports say belongs to it, and of a turn whether it waits for work or names what was received. */
export function requestName({ path, body }: Heard): string {
  const [, name = ''] = path.split(/[/?]/);
  if (name === 'status') return `status ${(JSON.parse(body.toString()) as StatusRequest).status}`;
  if (name !== 'turn') return name;
  const { reports = [], assignments = [], wait = 0 } = JSON.parse(body.toString()) as TurnRequest;
  const said = new Set(reports.map(({ status }) => status));
  if (said.size === 0) return wait > 0 ? 'turn waits' : assignments.length > 0 ? 'turn names' : name;
  return `turn ${[...said].sort().join(' ')}`;
}

/** Whether a worker reports this with it, alone or in a turn. */
export function isReport(heard: Heard, status: WorkerStatus): boolean {
  return /^(status|turn) /.test(requestName(heard)) && requestName(heard).split(' ').includes(status);
}

/** What a turn reports as this, if it does. */
export function reportIn({ body }: Heard, status: WorkerStatus): TurnReport | undefined {
  const { reports = [] } = JSON.parse(body.toString()) as TurnRequest;
  return reports.find((report) => report.status === status);
}
