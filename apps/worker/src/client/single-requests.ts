/** Says each thing with a request of its own, as an orchestrator understands it that takes no turns. */
import type { HeldAssignment, StatusAnswer, TurnReport } from '@longshore/core/protocol';
import { Desk, waitSeconds, type DeskTools, type Given, type Wish } from './desk.js';
import { persistently } from './persistence.js';

export class SingleRequests extends Desk {
  private readonly acknowledging = new Set<Promise<number>>();

  constructor(private readonly tools: DeskTools) {
    super();
  }

  async take({ max }: Wish, signal: AbortSignal): Promise<Given> {
    const { client, workerId, onTrouble } = this.tools;
    // What is not acknowledged is given again.
    await Promise.allSettled(this.acknowledging);
    const ask = () => client.ask(workerId, waitSeconds, max, signal);
    const { assignment, assignments = [] } = await persistently(this.tools, signal, ask, onTrouble);
    if (assignment && 'shutdown' in assignment) return { assignments: [], shutdown: assignment.message, cancelled: [] };
    return { assignments, cancelled: [] };
  }

  async acknowledge(held: HeldAssignment, waits: boolean, signal: AbortSignal): Promise<number> {
    const said = this.say(held, waits, signal);
    this.acknowledging.add(said);
    try {
      return await said;
    } finally {
      this.acknowledging.delete(said);
    }
  }

  report(report: TurnReport, signal: AbortSignal): Promise<StatusAnswer> {
    const { client, chance, workerId } = this.tools;
    const request = { ...report, request_id: chance.id() };
    return persistently(this.tools, signal, () => client.report(workerId, request, signal));
  }

  /** Each try is a request of its own: a stored answer would renew nothing. */
  private say(held: HeldAssignment, waits: boolean, signal: AbortSignal): Promise<number> {
    const { client, clock, chance, workerId } = this.tools;
    return persistently(this.tools, signal, async () => {
      const sentAt = clock.now();
      const request = { ...held, request_id: chance.id() };
      if (waits) await client.report(workerId, { ...request, status: 'waiting' }, signal);
      else await client.acknowledge(workerId, request, signal);
      return sentAt;
    });
  }
}
