/** AWS as far as it can be had on one machine: parameters and instances in moto, a metadata service for each instance. */
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { anInstance, MetadataServer, MotoServer } from '@longshore/adapters/testing';
import type { Environment } from './process.js';
import { S3 } from './s3.js';

export const urlParameter = '/orchestrator/url';

/** Settings of a client of the AWS SDK. */
export const awsAt = (endpoint: string) => ({
  endpoint,
  region: anInstance.region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

export class Aws implements AsyncDisposable {
  private readonly ssm: SSMClient;
  private readonly ec2: EC2Client;
  private readonly services: MetadataServer[] = [];
  readonly s3: Omit<S3, typeof Symbol.asyncDispose>;

  private constructor(private readonly moto: MotoServer) {
    const settings = awsAt(moto.url);
    this.s3 = S3.at(moto);
    this.ssm = new SSMClient(settings);
    this.ec2 = new EC2Client(settings);
  }

  static async start(): Promise<Aws> {
    return new Aws(await MotoServer.start());
  }

  /** What a process on no instance needs: nothing but the AWS SDK's own variables. */
  get environment(): Environment {
    return this.s3.environment;
  }

  get url(): string {
    return this.moto.url;
  }

  /** Instances that run, each with a metadata service of its own. */
  async runInstances(count: number): Promise<MetadataServer[]> {
    const run = new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: count, MaxCount: count });
    const { Instances = [] } = await this.ec2.send(run);
    const started = await Promise.all(
      Instances.map(({ InstanceId = '' }) => MetadataServer.start({ ...anInstance, instanceId: InstanceId })),
    );
    this.services.push(...started);
    return started;
  }

  /** Such as `running` or `terminated`. */
  async stateOf({ identity }: MetadataServer): Promise<string | undefined> {
    const { Reservations } = await this.ec2.send(new DescribeInstancesCommand({ InstanceIds: [identity.instanceId] }));
    return Reservations?.[0]?.Instances?.[0]?.State?.Name;
  }

  /** What stands in the parameter that everybody looks at. */
  async leftAddress(): Promise<string | undefined> {
    const { Parameter } = await this.ssm.send(new GetParameterCommand({ Name: urlParameter }));
    return Parameter?.Value;
  }

  async verifySender(address: string): Promise<void> {
    const ses = new SESClient({ ...awsAt(this.url) });
    await ses.send(new VerifyEmailIdentityCommand({ EmailAddress: address }));
    ses.destroy();
  }

  async leaveAddress(url: string): Promise<void> {
    await this.ssm.send(new PutParameterCommand({ Name: urlParameter, Value: url, Type: 'String', Overwrite: true }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ssm.destroy();
    this.ec2.destroy();
    await Promise.all(this.services.map((service) => service[Symbol.asyncDispose]()));
    await this.moto[Symbol.asyncDispose]();
  }
}
