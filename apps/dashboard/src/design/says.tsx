/** What is said when there is nothing yet, nothing at all, or something wrong. */
import type { ReactNode } from 'react';
import type { Answer } from '../api/queries.js';
import { ProblemError, UnreachableError } from '../api/problem.js';
import { Command } from './command.js';
import { Stranger } from './stranger.js';

export function Bones({ lines = 4 }: { lines?: number }) {
  return (
    <div className="bones" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} />
      ))}
    </div>
  );
}

export function Nothing({ title, children, command }: { title: string; children?: ReactNode; command?: string }) {
  return (
    <div className="nothing">
      <b>{title}</b>
      {children && <p>{children}</p>}
      {command !== undefined && <Command line={command} />}
    </div>
  );
}

export function Fault({ error }: { error: unknown }) {
  const away = error instanceof UnreachableError;
  const remedy = error instanceof ProblemError ? error.remedy : undefined;
  return (
    <div className="notice bad" role="alert">
      <p>
        <Stranger text={error instanceof Error ? error.message : String(error)} />
      </p>
      {remedy !== undefined && (
        <p className="soft">
          <Stranger text={remedy} />
        </p>
      )}
      {away && <p className="soft">It is asked again until it does. Look at its log, or start it:</p>}
      {away && <Command line="longshore orchestrator" />}
      {error instanceof ProblemError && <code className="small faint">{error.code}</code>}
    </div>
  );
}

/** An answer once it is there; what was there before stays while it is asked for again, with the fault above it. */
export function Shown<T>({
  answer,
  lines,
  children,
}: {
  answer: Answer<T>;
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  const { data, error } = answer;
  if (data === undefined) return error ? <Fault error={error} /> : <Bones {...(lines !== undefined && { lines })} />;
  return (
    <>
      {error && <Fault error={error} />}
      {children(data)}
    </>
  );
}
