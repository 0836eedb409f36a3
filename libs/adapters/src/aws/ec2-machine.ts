/** An EC2 instance as a machine: its metadata service says who it is and what is coming, EC2 ends it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LongshoreError, Machine, messageOf, type Interruption, type MachineIdentity } from '@longshore/core';
import { awsError, nameOf } from './aws-errors.js';
import { awsClientSettings } from './client-settings.js';
import { InstanceMetadata, type MetadataOptions } from './instance-metadata.js';

export interface Ec2Options extends MetadataOptions {
  /** Endpoint and credentials of EC2; what is not given comes from the environment, as the AWS SDK reads it. */
  ec2?: { endpoint?: string; credentials?: { accessKeyId: string; secretAccessKey: string }; maxAttempts?: number };
}

/** Between tries to find out who this machine is. */
const pausesMs = [200, 800];

export class Ec2Machine extends Machine {
  private readonly metadata: InstanceMetadata;
  private known: MachineIdentity | undefined;

  constructor(private readonly options: Ec2Options = {}) {
    super();
    this.metadata = new InstanceMetadata(options);
  }

  /** A service that is slow for a moment, as under the load of a start, is asked again: who is not known cannot be ended. */
  async identity(): Promise<MachineIdentity | undefined> {
    for (const pauseMs of [...pausesMs, undefined]) {
      try {
        return (this.known ??= await this.askIdentity());
      } catch (thrown) {
        if (pauseMs !== undefined) await sleep(pauseMs);
        else if (!(thrown instanceof LongshoreError && thrown.code === 'machine-unknown')) throw thrown;
      }
    }
    return undefined;
  }

  async interruption(): Promise<Interruption | undefined> {
    const notice = await this.metadata.read('latest/meta-data/spot/instance-action');
    if (notice !== undefined) return readNotice(notice);
    const advice = await this.metadata.read('latest/meta-data/events/recommendations/rebalance');
    return advice === undefined ? undefined : { kind: 'rebalance' };
  }

  async end(how: 'stop' | 'terminate'): Promise<void> {
    // Asked anew, so that nothing remembered or configured can end another machine.
    const { instanceId, region } = await this.askIdentity();
    // A thousand commands take a while to load, and most processes never need one of them.
    const { EC2Client, StopInstancesCommand, TerminateInstancesCommand } = await import('@aws-sdk/client-ec2');
    const client = new EC2Client({ ...awsClientSettings(10_000), region, ...this.options.ec2 });
    const which = { InstanceIds: [instanceId] };
    try {
      await (how === 'stop'
        ? client.send(new StopInstancesCommand(which))
        : client.send(new TerminateInstancesCommand(which)));
    } catch (thrown) {
      throw endError(thrown, how, instanceId);
    } finally {
      client.destroy();
    }
  }

  private async askIdentity(): Promise<MachineIdentity> {
    const text = await this.metadata.read('latest/dynamic/instance-identity/document');
    const publicAddress = await this.metadata.read('latest/meta-data/public-ipv4');
    return { ...readIdentity(text), ...(publicAddress !== undefined && { publicAddress }) };
  }
}

function readIdentity(text: string | undefined): MachineIdentity {
  const document = readJson(text ?? '');
  const [instanceId, type, zone] = ['instanceId', 'instanceType', 'availabilityZone'].map((name) => document[name]);
  const { region, privateIp } = document;
  if ([instanceId, type, zone, region].some((part) => typeof part !== 'string' || part === '')) {
    throw new LongshoreError('machine-failed', 'The metadata service gives no identity of this machine.');
  }
  return {
    instanceId: instanceId as string,
    type: type as string,
    zone: zone as string,
    region: region as string,
    ...(typeof privateIp === 'string' && { privateAddress: privateIp }),
  };
}

/** Whatever else a notice says, it is one: what cannot be read in it counts as the worst. */
function readNotice(text: string): Interruption {
  const { action, time } = readJson(text);
  const leftMs = typeof time === 'string' ? Date.parse(time) - Date.now() : 0;
  return {
    kind: 'reclaim',
    action: action === 'stop' || action === 'hibernate' ? action : 'terminate',
    inMs: Number.isFinite(leftMs) ? Math.max(0, leftMs) : 0,
  };
}

function readJson(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
function endError(thrown: unknown, how: 'stop' | 'terminate', instanceId: string): LongshoreError {
  const doing = `The machine ${instanceId} cannot be ${how === 'stop' ? 'stopped' : 'terminated'}`;
  const right = `ec2:${how === 'stop' ? 'StopInstances' : 'TerminateInstances'} on this instance`;
  const message = `${doing}: ${nameOf(thrown)}, ${messageOf(thrown)}.`;
  switch (nameOf(thrown)) {
    case 'UnsupportedOperation':
      return new LongshoreError('invalid-configuration', message, {
        remedy:
          'A Spot instance of a one-time request, and one without an EBS root volume, can only be terminated: set LONGSHORE_SHUTDOWN to terminate.',
        cause: thrown,
      });
    case 'OperationNotPermitted':
      return new LongshoreError('access-denied', message, {
        remedy: `It is protected; take the protection away, or end it by hand. Its role must allow ${right}.`,
        cause: thrown,
      });
    default:
      return awsError(thrown, { doing, otherwise: 'machine-failed', right });
  }
}
