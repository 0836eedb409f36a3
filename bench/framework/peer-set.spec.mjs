import { describe, expect, it } from '@jest/globals';
import { Cleanup } from './cleanup.mjs';
import { PeerSet } from './peer-set.mjs';

describe('the peers of a run', () => {
  const make = (setUps, wanted = true) => new PeerSet({ setUps, wanted, cleanup: new Cleanup(), say: () => undefined });

  it('are set up once, and only when a suite asks for them', async () => {
    let times = 0;
    const set = make({ redis: async () => ({ times: (times += 1) }), postgresql: () => expect(true).toBe(false) });
    expect(await set.provide(['redis'])).toEqual({ peers: { redis: { times: 1 } }, missing: {} });
    expect(await set.provide(['redis'])).toEqual({ peers: { redis: { times: 1 } }, missing: {} });
  });

  it('are missing with the reason when they cannot be had, and are not tried again', async () => {
    let times = 0;
    const set = make({ rclone: () => Promise.reject(new Error(`no such package, ${(times += 1)}`)) });
    await set.provide(['rclone']);
    expect(await set.provide(['rclone'])).toEqual({ peers: {}, missing: { rclone: 'no such package, 1' } });
  });

  it('are left alone when none are wanted', async () => {
    const set = make({ redis: () => expect(true).toBe(false) }, false);
    expect(await set.provide(['redis'])).toEqual({ peers: {}, missing: { redis: 'no peers were wanted' } });
  });

  it('are known by name', async () => {
    await expect(make({ redis: async () => ({}) }).provide(['reddis'])).rejects.toThrow('no peer called reddis');
  });
});
