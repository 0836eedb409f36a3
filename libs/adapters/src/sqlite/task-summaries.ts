/** Rows of tasks as lists show them: of a task with very many objects, only the first are unpacked. */
import { constants, inflateSync } from 'node:zlib';
import { keysShown, type Manifest, type ObjectRef, type TaskState, type TaskSummary } from '@longshore/core';
import { unpack } from './packing.js';
import { numbers, object, readRow } from './row-shapes.js';

/** So much of the packed objects holds the first of them, and so much nearly always: keys resemble one another. */
const headBytes = 16_384;
const usualBytes = 1_024;
const unpackedWhole = 64;

/** Objects of rows from before they were counted are unpacked whole. */
export const summaryColumns = `seq, id, job_id, position, state, available_at, fence, object_count, body,
  CASE WHEN instr(body, '"legacyHeld":true') > 0 THEN manifest END AS word,
  CASE WHEN object_count > ${unpackedWhole} THEN substr(objects, 1, ${headBytes}) ELSE objects END AS head`;

export interface SummaryRow {
  seq: number;
  id: string;
  job_id: string;
  position: number;
  state: TaskState;
  available_at: number;
  fence: number;
  object_count: number | null;
  body: string;
  head: Uint8Array;
  /** The manifest of a task that a legacy worker has held, for that may be no more than its word. */
  word: Uint8Array | null;
}

type SummaryBody = Omit<
  TaskSummary,
  'id' | 'jobId' | 'position' | 'state' | 'availableAt' | 'fence' | 'objectCount' | 'firstKeys' | 'unverified'
>;

export function readSummary(row: SummaryRow): TaskSummary {
  return readRow(`Task ${row.id} of job ${row.job_id}`, () => {
    const whole = row.object_count === null || row.object_count <= unpackedWhole;
    const objects = whole ? unpack<ObjectRef[]>(row.head) : firstFew(row.head);
    const body = object(JSON.parse(row.body), 'the task') as unknown as SummaryBody;
    const { failedAttempts, losses, maxAttempts, createdAt } = body;
    numbers({ failedAttempts, losses, maxAttempts, createdAt });
    return {
      id: row.id,
      jobId: row.job_id,
      position: row.position,
      state: row.state,
      availableAt: row.available_at,
      fence: row.fence,
      objectCount: row.object_count ?? objects.length,
      firstKeys: objects.slice(0, keysShown).map(({ key }) => key),
      ...(row.word && unpack<Manifest>(row.word).unverified && { unverified: true }),
      ...body,
    };
  });
}

function firstFew(head: Uint8Array): ObjectRef[] {
  const few = firstObjects(head.subarray(0, usualBytes));
  return few.length >= keysShown ? few : firstObjects(head);
}

/** The objects that are whole in the beginning of a packed list. */
function firstObjects(head: Uint8Array): ObjectRef[] {
  const text = inflateSync(head, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  for (let end = text.length, tries = 0; tries < 3; tries += 1) {
    end = text.lastIndexOf('},{', end - 1);
    if (end < 0) return [];
    try {
      return JSON.parse(`${text.slice(0, end)}}]`) as ObjectRef[];
    } catch {
      // A key may hold what looks like the end of an object.
    }
  }
  return [];
}
