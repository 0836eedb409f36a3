/** A machine of a cloud that does what a test says. */
import { LongshoreError } from '../errors/longshore-error.js';
import { Machine, type Interruption, type MachineIdentity } from '../ports/machine.js';

export class ScriptedMachine extends Machine {
  /** How it was ended, in order. */
  readonly ended: ('stop' | 'terminate')[] = [];
  coming: Interruption | undefined;
  /** What `end` throws instead. */
  refusal: LongshoreError | undefined;

  /** @param known undefined for a machine of no cloud */
  constructor(private readonly known?: MachineIdentity) {
    super();
  }

  async identity(): Promise<MachineIdentity | undefined> {
    return this.known;
  }

  async interruption(): Promise<Interruption | undefined> {
    this.assertKnown();
    return this.coming;
  }

  async end(how: 'stop' | 'terminate'): Promise<void> {
    this.assertKnown();
    if (this.refusal) throw this.refusal;
    this.ended.push(how);
  }

  private assertKnown(): void {
    if (!this.known) throw new LongshoreError('machine-unknown', 'No cloud says who this machine is.');
  }
}
