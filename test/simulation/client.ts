/** The worker's client, over the simulated network. */
import type {
  AckRequest,
  AssignmentAnswer,
  HeartbeatAnswer,
  HeartbeatRequest,
  RegisterAnswer,
  RegisterRequest,
  StatusAnswer,
  StatusRequest,
  TurnAnswer,
  TurnRequest,
} from '@longshore/core/protocol';
import { Address } from '../../apps/worker/src/client/address.js';
import { OrchestratorClient } from '../../apps/worker/src/client/orchestrator-client.js';
import type { Life } from './mortal.js';
import { overTheWire, type SimulatedNetwork } from './network.js';
import type { SimulatedOrchestrator } from './orchestrator.js';

const answerWithinMs = 2_000;

export class SimulatedClient extends OrchestratorClient {
  constructor(
    private readonly network: SimulatedNetwork,
    private readonly from: string,
    private readonly life: Life,
  ) {
    super(new Address('simulated:'));
  }

  override register(request: RegisterRequest): Promise<RegisterAnswer> {
    return this.exchange(({ registry }) => registry.register(overTheWire(request)));
  }

  override ask(workerId: string, _wait: number, max: number): Promise<AssignmentAnswer> {
    return this.exchange(({ leases, connection }) => leases.assignment(workerId, { wait: 0, max }, connection));
  }

  override async acknowledge(workerId: string, request: AckRequest): Promise<void> {
    await this.exchange(({ leases }) => leases.acknowledge(workerId, overTheWire(request)));
  }

  override report(workerId: string, status: StatusRequest): Promise<StatusAnswer> {
    return this.exchange(({ leases }) => leases.status(workerId, overTheWire(status)));
  }

  override turn(workerId: string, request: TurnRequest): Promise<TurnAnswer> {
    return this.exchange(({ turns, connection }) => turns.turn(workerId, overTheWire(request), connection));
  }

  override heartbeat(workerId: string, request: HeartbeatRequest, withinMs: number): Promise<HeartbeatAnswer> {
    return this.exchange(({ leases }) => leases.heartbeat(workerId, overTheWire(request)), withinMs);
  }

  private async exchange<T>(deliver: (to: SimulatedOrchestrator) => Promise<T>, withinMs = answerWithinMs): Promise<T> {
    await this.life.step();
    try {
      return await this.network.request(this.from, withinMs, deliver);
    } finally {
      await this.life.step();
    }
  }
}
