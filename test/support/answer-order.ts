/** Reads from the calls of an orchestrator whether an answer left it before what it says was on the disk. */

export interface AnswerOrder {
  /** Answers that left over a socket. */
  answers: number;
  /** Answers that left while something was written and not yet synced. */
  early: number;
  syncs: number;
}

/** One line of strace with -f and -yy: process, call, file, the rest. A call that is interrupted goes on in a later line. */
const line = /^(\d+) +(?:<\.\.\. )?(\w+)(?:\(\d+<([^>]*(?:>\d[^>]*)*)>|(?: resumed))(.*)$/;

/** @param log of `strace -f -yy` with at least pwrite64, fsync, fdatasync, write, writev and sendto */
export function answerOrder(log: string, journal: string): AnswerOrder {
  const order: AnswerOrder = { answers: 0, early: 0, syncs: 0 };
  const syncing = new Map<string, string>();
  let isDirty = false;
  for (const text of log.split('\n')) {
    const [, thread = '', call = '', file, rest = ''] = line.exec(text) ?? [];
    if (call === 'pwrite64' && file === journal) isDirty = true;
    if (call === 'fsync' || call === 'fdatasync') {
      const synced = file ?? syncing.get(thread);
      if (rest.endsWith('<unfinished ...>')) syncing.set(thread, synced ?? '');
      else if (synced === journal) {
        isDirty = false;
        order.syncs += 1;
      }
    }
    const isAnswer = /^(write|writev|sendto)$/.test(call) && file?.startsWith('TCP') && rest.includes('HTTP/1.1 2');
    if (!isAnswer) continue;
    order.answers += 1;
    if (isDirty) order.early += 1;
  }
  return order;
}
