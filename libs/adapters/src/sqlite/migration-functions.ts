/** What migrations ask of rows that are older than the columns they add. A row that cannot be read gives the least there is. */
import type { DatabaseSync } from 'node:sqlite';
import {
  canBeRedriven,
  failure,
  failureKind,
  newsFacts,
  searchText,
  type Failure,
  type Job,
  type News,
  type ObjectRef,
  type Task,
} from '@longshore/core';
import { unpack } from './packing.js';

export function teachMigrations(database: DatabaseSync): void {
  const teach = (name: string, answer: (...values: unknown[]) => string | number) =>
    database.function(`longshore_${name}`, { deterministic: true, varargs: true }, answer);
  teach('created_at', (body) => orElse(0, () => parsed<Job>(body).createdAt));
  teach('search', (body) => orElse('', () => searchText(parsed<Job>(body))));
  teach('news', (id, body) => JSON.stringify(earlierNews(String(id), body)));
  teach('objects', (packed) => orElse(0, () => unpack<ObjectRef[]>(packed as Uint8Array).length));
  teach('refused', (body) =>
    orElse(0, () => (canBeRedriven({ ...parsed<Task>(body), state: 'dead', fence: 0 }) ? 0 : 1)),
  );
  teach('failure_group', (body) => failureKind(failureIn(body)).id);
  teach('failure', (what, body) => {
    const failure = failureIn(body);
    return what === 'pattern' ? failureKind(failure).pattern : failure[what as 'class' | 'code' | 'message'];
  });
}

/** News that was in words already. */
function earlierNews(id: string, body: unknown): News {
  const lost = { subject: `Longshore: ${id}`, text: 'What this says cannot be read any more.' };
  const { subject, text } = orElse(lost, () => ({ ...lost, ...parsed<typeof lost>(body) }));
  return { id, event: 'earlier', at: 0, facts: newsFacts({ earlier: { subject, text } }) };
}

function failureIn(body: unknown): Failure {
  const unknown = failure('internal-error', 'What was recorded of the failure cannot be read.');
  return orElse(unknown, () => ({ ...unknown, ...parsed<Task>(body).failure }));
}

function parsed<T>(body: unknown): T {
  return JSON.parse(body as string) as T;
}

function orElse<T>(otherwise: T, answer: () => T): T {
  try {
    return answer();
  } catch {
    return otherwise;
  }
}
