import { afterEach, describe, expect, it } from '@jest/globals';
import { MotoServer } from './moto-server.js';

describe('the stand-in for AWS', () => {
  const configured = process.env.LONGSHORE_MOTO_SERVER;
  afterEach(() => {
    if (configured === undefined) delete process.env.LONGSHORE_MOTO_SERVER;
    else process.env.LONGSHORE_MOTO_SERVER = configured;
  });

  it('answers from its start to its stop, on a port of its own', async () => {
    await using one = await MotoServer.start();
    await using other = await MotoServer.start();
    expect(one.url).not.toBe(other.url);
    await one.createBucket('images');
    const statusOf = async (url: string) => (await fetch(`${url}/images`)).status;
    expect([await statusOf(one.url), await statusOf(other.url)]).toEqual([200, 404]);
    await one.stop();
    await one.stop();
    await expect(statusOf(one.url)).rejects.toThrow();
  });

  it.each(['/nowhere/at/all', 'false'])('says that "%s" does not start', async (program) => {
    process.env.LONGSHORE_MOTO_SERVER = program;
    await expect(MotoServer.start()).rejects.toThrow(`"${program}" did not start`);
  });
});
