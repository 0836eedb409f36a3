/** Under which address others reach this orchestrator. */
import { Inject, Injectable, Optional } from '@nestjs/common';
import { LongshoreError, Machine } from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

@Injectable()
export class OwnAddress {
  constructor(
    private readonly config: OrchestratorConfig,
    @Optional() @Inject(Machine) private readonly machine: Machine | null,
  ) {}

  /**
   * @param servedAt where this process listens, as it sees it
   * @throws LongshoreError `machine-unknown`, or `machine-failed` for what may pass by itself
   */
  async find(servedAt: string): Promise<string> {
    const { publicUrl, machineAddress } = this.config.address;
    if (publicUrl !== undefined) return publicUrl;
    const identity = await this.machine?.identity();
    const address = machineAddress === 'public' ? identity?.publicAddress : identity?.privateAddress;
    if (address !== undefined) return `http://${address}:${new URL(servedAt).port}`;
    const fault = identity
      ? `The machine ${identity.instanceId} has no ${machineAddress} address.`
      : 'No cloud says which machine this is, so nobody can be told its address.';
    throw new LongshoreError('machine-unknown', fault, {
      remedy: 'Set LONGSHORE_PUBLIC_URL, or LONGSHORE_PUBLIC_ADDRESS to the other kind of address.',
    });
  }
}
