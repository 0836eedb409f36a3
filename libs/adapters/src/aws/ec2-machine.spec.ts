import {
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { machineContract } from '@longshore/core/testing';
import { anInstance, MetadataServer, MotoServer, serveOnLoopback } from '../testing/index.js';
import { Ec2Machine } from './ec2-machine.js';

let moto: MotoServer;
let client: EC2Client;
const region = 'us-east-1';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

beforeAll(async () => {
  moto = await MotoServer.start();
  client = new EC2Client({ endpoint: moto.url, region, credentials });
});
afterAll(async () => {
  client.destroy();
  await moto[Symbol.asyncDispose]();
});

const startOf: Record<string, string> = { stopped: 'stop', terminated: 'terminate' };

/** Two real instances as far as EC2 knows; the metadata service says that this is the first. */
async function openSubject() {
  let withinMs: number | undefined;
  const run = new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 2, MaxCount: 2, InstanceType: 'm5.large' });
  const ids = ((await client.send(run)).Instances ?? []).map(({ InstanceId = '' }) => InstanceId);
  const known = { ...anInstance, instanceId: ids[0] ?? '', publicAddress: '203.0.113.9' };
  const metadata = await MetadataServer.start(known);
  const ec2 = { endpoint: moto.url, credentials };
  const fresh = () => new Ec2Machine({ endpoint: metadata.url, ec2, ...(withinMs !== undefined && { withinMs }) });
  const leave = () => {
    // The SDK keeps a timer of so long for each connection that is refused; the process of the spec could not end before.
    withinMs = 100;
    return metadata[Symbol.asyncDispose]();
  };
  const ended = async () => {
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds: ids }));
    return Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => State?.Name !== 'running')
      .map(({ InstanceId, State }) => `${startOf[State?.Name ?? '']} ${InstanceId}`);
  };
  return { metadata, known, fresh, ended, leave };
}

/** moto takes every key until it is told to look at them; `test` is nobody's. */
async function checkKeys(after: number): Promise<void> {
  await fetch(`${moto.url}/moto-api/reset-auth`, { method: 'POST', body: String(after) });
}

machineContract('an EC2 instance', async () => {
  const { metadata, known, fresh, ended, leave } = await openSubject();
  return {
    machine: fresh(),
    known,
    announce: (what) => {
      metadata.takeBack();
      if (what === 'reclaim' || what === 'both') metadata.reclaim();
      if (what === 'rebalance' || what === 'both') metadata.recommendRebalance();
    },
    ended: async () => {
      await checkKeys(Infinity);
      return ended();
    },
    forbid: () => checkKeys(0),
    leave,
    fresh,
    close: () => metadata[Symbol.asyncDispose](),
  };
});

describe('an EC2 instance whose metadata service is slow at first', () => {
  it('G4: is known once the service answers', async () => {
    await using metadata = await MetadataServer.start();
    metadata.status = 500;
    const machine = new Ec2Machine({ endpoint: metadata.url });
    const known = machine.identity();
    while (metadata.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    metadata.status = undefined;
    expect(await known).toEqual(anInstance);
  });
});

describe('the end of an EC2 instance', () => {
  it('says that it is protected, and by what it may be ended', async () => {
    const { metadata, known, fresh, ended } = await openSubject();
    await using _ = metadata;
    const protect = { InstanceId: known.instanceId, DisableApiTermination: { Value: true } };
    await client.send(new ModifyInstanceAttributeCommand(protect));
    await expect(fresh().end('terminate')).rejects.toMatchObject({
      code: 'access-denied',
      remedy: expect.stringContaining('ec2:TerminateInstances'),
    });
    expect(await ended()).toEqual([]);
  });

  it('G10: says what to do with a Spot instance that cannot be stopped', async () => {
    await using metadata = await MetadataServer.start();
    const answer =
      '<Response><Errors><Error><Code>UnsupportedOperation</Code><Message>You can&apos;t stop the Spot Instance because it is associated with a one-time Spot Instance request.</Message></Error></Errors><RequestID>1</RequestID></Response>';
    await using ec2 = await serveOnLoopback((_, response) => response.writeHead(400).end(answer));
    const machine = new Ec2Machine({ endpoint: metadata.url, ec2: { endpoint: ec2.url, credentials } });
    await expect(machine.end('stop')).rejects.toMatchObject({
      code: 'invalid-configuration',
      message: expect.stringContaining('one-time'),
      remedy: expect.stringContaining('LONGSHORE_SHUTDOWN to terminate'),
    });
  });
});
