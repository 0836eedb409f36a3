/** What will happen, the earliest first; of what happens at the same time, what was planned first. A binary heap. */

interface Planned<T> {
  at: number;
  order: number;
  event: T;
}

export class EventQueue<T> {
  private readonly heap: Planned<T>[] = [];
  private planned = 0;

  plan(at: number, event: T): void {
    const { heap } = this;
    const added = { at, order: (this.planned += 1), event };
    let place = heap.push(added) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!isBefore(added, heap[above]!)) break;
      heap[place] = heap[above]!;
      place = above;
    }
    heap[place] = added;
  }

  next(): { at: number; event: T } | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (first && last && heap.length > 0) this.sink(last);
    return first;
  }

  private sink(moved: Planned<T>): void {
    const { heap } = this;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
      if (!isBefore(heap[below]!, moved)) break;
      heap[place] = heap[below]!;
      place = below;
    }
    heap[place] = moved;
  }
}

function isBefore(one: Planned<unknown>, other: Planned<unknown>): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
