/** An EC2 instance as a machine: its metadata service says who it is and what is coming, EC2 ends it. */
import { LongshoreError, Machine, messageOf, type Interruption, type MachineIdentity } from '@longshore/core';
import { InstanceMetadata, type MetadataOptions } from './instance-metadata.js';

export interface Ec2Options extends MetadataOptions {
  /** Endpoint and credentials of EC2; what is not given comes from the environment, as the AWS SDK reads it. */
  ec2?: { endpoint?: string; credentials?: { accessKeyId: string; secretAccessKey: string }; maxAttempts?: number };
}

export class Ec2Machine extends Machine {
  private readonly metadata: InstanceMetadata;
  private known: MachineIdentity | undefined;

  constructor(private readonly options: Ec2Options = {}) {
    super();
    this.metadata = new InstanceMetadata(options);
  }

  async identity(): Promise<MachineIdentity | undefined> {
    try {
      return (this.known ??= await this.askIdentity());
    } catch (thrown) {
      if (thrown instanceof LongshoreError && thrown.code === 'machine-unknown') return undefined;
      throw thrown;
    }
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
    const client = new EC2Client({ region, requestHandler: { requestTimeout: 10_000 }, ...this.options.ec2 });
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

const denied = new Set([
  'AccessDenied',
  'AuthFailure',
  'CredentialsProviderError',
  'ExpiredToken',
  'InvalidClientTokenId',
  'OperationNotPermitted',
  'RequestExpired',
  'UnauthorizedOperation',
]);

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
function endError(thrown: unknown, how: 'stop' | 'terminate', instanceId: string): LongshoreError {
  const name = (thrown as Error).name;
  const message = `The machine ${instanceId} cannot be ${how === 'stop' ? 'stopped' : 'terminated'}: ${name}, ${messageOf(thrown)}.`;
  if (name === 'UnsupportedOperation' && how === 'stop') {
    return new LongshoreError('invalid-configuration', message, {
      remedy:
        'A Spot instance of a one-time request, and one without an EBS root volume, can only be terminated: set LONGSHORE_SHUTDOWN to terminate.',
      cause: thrown,
    });
  }
  if (denied.has(name)) {
    const action = how === 'stop' ? 'ec2:StopInstances' : 'ec2:TerminateInstances';
    return new LongshoreError('access-denied', message, {
      remedy: `Allow ${action} on this instance to its role, and look whether it is protected; until then end it by hand.`,
      cause: thrown,
    });
  }
  return new LongshoreError('machine-failed', message, { cause: thrown });
}
