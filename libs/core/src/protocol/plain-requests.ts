/** Reads requests of workers that are plainly right; whatever else is left to the validators of their classes, which name what is wrong. */
import { fields, held, integer, isObject, list, maybe, number, text, turn, type Check } from './plain-shapes.js';
import { AckRequest, AssignmentQuery, HeartbeatRequest, StatusRequest } from './worker-protocol.js';
import { TurnRequest } from './worker-turn.js';

const requestId = maybe(text(100, 1));
const assignmentId = maybe(text(100));
const fence = maybe(integer(1));

const bodies = new Map<unknown, Check>([
  [TurnRequest, turn],
  [AckRequest, fields({ assignment_id: assignmentId, fence, request_id: requestId })],
  [
    StatusRequest,
    fields({
      status: text(10_000, 1),
      details: maybe(isObject),
      assignment_id: assignmentId,
      fence,
      request_id: requestId,
      traceparent: maybe(text(100)),
    }),
  ],
  [HeartbeatRequest, fields({ assignments: list(held, 4096), stats: maybe(isObject), request_id: requestId })],
]);

const query = fields({ wait: maybe(number(0, 60)), max: maybe(integer(1, 1024)) });
const decimal = /^\d+(\.\d+)?$/;

/**
 * @param type the class that the request is declared as
 * @returns the request; undefined where it is of no class that is known here, or is not plainly right
 */
export function readPlainRequest(type: unknown, value: unknown): unknown {
  if (type === AssignmentQuery) return readPlainQuery(value);
  return bodies.get(type)?.(value) ? value : undefined;
}

/** Whatever a query says is text. */
function readPlainQuery(value: unknown): AssignmentQuery | undefined {
  if (!isObject(value)) return undefined;
  const read: Record<string, unknown> = {};
  for (const name in value) {
    const told = value[name];
    if (typeof told !== 'string' || !decimal.test(told)) return undefined;
    read[name] = Number(told);
  }
  return query(read) ? read : undefined;
}
