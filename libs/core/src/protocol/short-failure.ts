/** A failure where many are listed: the whole of it is told where one task or attempt alone is asked for. */
import type { Failure } from '../words/failure.js';

const longestMessage = 1_000;
const longestLog = 1_000;

export function shortFailure(failure: Failure): Failure {
  const { message, log } = failure;
  return {
    ...failure,
    message: message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message,
    ...(log !== undefined && { log: log.slice(-longestLog) }),
  };
}
