import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { anInstance, MetadataServer } from '../testing/index.js';
import { Ec2Machine } from './ec2-machine.js';
import { InstanceMetadata } from './instance-metadata.js';

const path = 'latest/meta-data/instance-id';

describe('the metadata service', () => {
  let server: MetadataServer;
  let metadata: InstanceMetadata;

  beforeEach(async () => {
    server = await MetadataServer.start();
    metadata = new InstanceMetadata({ endpoint: server.url, withinMs: 300 });
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const tokenRequests = () => server.requests.filter((request) => request.startsWith('PUT')).length;

  it('is asked with a token, and with the same one again', async () => {
    expect(await metadata.read(path)).toBe(anInstance.instanceId);
    expect(await metadata.read('latest/meta-data/spot/instance-action')).toBeUndefined();
    expect(server.requests).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/instance-id',
      'GET /latest/meta-data/spot/instance-action',
    ]);
  });

  it('is asked with a new token when the old one is not taken', async () => {
    await metadata.read(path);
    server.expireTokens();
    expect(await metadata.read(path)).toBe(anInstance.instanceId);
    expect(tokenRequests()).toBe(2);
  });

  it('is asked with a new token when the life of the old one is over', async () => {
    const brief = new InstanceMetadata({ endpoint: server.url, tokenSeconds: 1 });
    await brief.read(path);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect(await brief.read(path)).toBe(anInstance.instanceId);
  });

  it.each([429, 500, 503])('G4: may be asked again when it answers %d', async (status) => {
    server.status = status;
    await expect(metadata.read(path)).rejects.toMatchObject({ code: 'machine-failed' });
    server.status = undefined;
    expect(await metadata.read(path)).toBe(anInstance.instanceId);
  });

  it('G4: is not asked without a token where it gives none', async () => {
    server.knowsTokens = false;
    await expect(metadata.read(path)).rejects.toMatchObject({ code: 'machine-unknown' });
    expect(server.requests).toEqual(['PUT /latest/api/token']);
  });

  it('G4: counts as absent when it is turned off, or answers too late for a container behind one hop too many', async () => {
    server.status = 403;
    await expect(metadata.read(path)).rejects.toMatchObject({ code: 'machine-unknown' });
    server.status = undefined;
    server.delayMs = 5_000;
    const before = performance.now();
    await expect(metadata.read(path)).rejects.toMatchObject({ code: 'machine-unknown' });
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('is there again after an answer that came too late', async () => {
    server.delayMs = 5_000;
    await expect(metadata.read(path)).rejects.toMatchObject({ code: 'machine-unknown' });
    server.delayMs = 0;
    expect(await metadata.read(path)).toBe(anInstance.instanceId);
  });

  it('leaves no connection open, however often it has nothing to say', async () => {
    for (let times = 0; times < 50; times += 1) await metadata.read('latest/meta-data/spot/instance-action');
    const open = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
    expect(open).toBeLessThan(10);
  });

  it('is not asked when the environment forbids it', async () => {
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    try {
      await expect(metadata.read(path)).rejects.toMatchObject({ code: 'machine-unknown' });
    } finally {
      delete process.env.AWS_EC2_METADATA_DISABLED;
    }
    expect(server.requests).toEqual([]);
  });

  it('is found where the AWS SDK looks for it', async () => {
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = server.url;
    try {
      expect(await new Ec2Machine().identity()).toEqual(anInstance);
    } finally {
      delete process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT;
    }
  });

  it('is believed that the machine goes, even in a notice that cannot be read', async () => {
    const machine = new Ec2Machine({ endpoint: server.url });
    server.reclaim(-30, 'hibernate');
    expect(await machine.interruption()).toEqual({ kind: 'reclaim', action: 'hibernate', inMs: 0 });
  });
});
