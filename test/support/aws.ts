/** AWS as far as it can be had on one machine: parameters and instances in moto, a metadata service for each instance. */
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { anInstance, MetadataServer, MotoServer } from '@longshore/adapters/testing';
import type { Environment } from './process.js';

export const urlParameter = '/orchestrator/url';

export class Aws implements AsyncDisposable {
  private readonly ssm: SSMClient;
  private readonly ec2: EC2Client;
  private readonly services: MetadataServer[] = [];

  private constructor(private readonly moto: MotoServer) {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const settings = { endpoint: moto.url, region: anInstance.region, credentials };
    this.ssm = new SSMClient(settings);
    this.ec2 = new EC2Client(settings);
  }

  static async start(): Promise<Aws> {
    return new Aws(await MotoServer.start());
  }

  /** What a process on no instance needs: nothing but the AWS SDK's own variables. */
  get environment(): Environment {
    return {
      AWS_ENDPOINT_URL: this.moto.url,
      AWS_REGION: anInstance.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
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
