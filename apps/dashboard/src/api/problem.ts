/** What the orchestrator says when it cannot do something, as an error. */
import type { Problem } from '@longshore/core/protocol';

/** One fault of a request; `pointer` is a JSON pointer into its body. */
export interface FieldFault {
  pointer: string;
  detail: string;
}

export class ProblemError extends Error {
  readonly faults: readonly FieldFault[];

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly remedy?: string,
    faults: readonly FieldFault[] = [],
  ) {
    super(detail);
    this.faults = faults;
  }
}

/** Nobody answered: the orchestrator is away, or the network is. */
export class UnreachableError extends Error {
  constructor() {
    super('The orchestrator does not answer.');
  }
}

type Body = Partial<Omit<Problem, 'errors'>> & { errors?: readonly FieldFault[] };

export async function problemOf(response: Response): Promise<ProblemError> {
  const body = (await response.json().catch(() => ({}))) as Body;
  const detail = body.detail ?? `The orchestrator answered ${response.status} ${response.statusText}.`;
  return new ProblemError(response.status, body.code ?? 'internal-error', detail, body.remedy, body.errors ?? []);
}

/** Whether asking once more may help. */
export function mayPass(error: unknown): boolean {
  return (
    error instanceof UnreachableError || (error instanceof ProblemError && [429, 502, 503, 504].includes(error.status))
  );
}
