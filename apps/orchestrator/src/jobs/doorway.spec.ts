import { describe, expect, it } from '@jest/globals';
import { Doorway } from './doorway.js';

describe('the door through which work comes in', () => {
  it('G9: is closed only when everybody who came in before is through', async () => {
    const door = new Doorway();
    const { promise, resolve } = Promise.withResolvers<string>();
    const passing = door.enter(() => promise);
    let closed = false;
    const closing = door.close().then(() => (closed = true));
    await expect(door.enter(async () => 'late')).rejects.toMatchObject({ code: 'shutting-down' });
    expect(closed).toBe(false);
    resolve('in');
    await closing;
    expect(await passing).toBe('in');
    door.open();
    expect(await door.enter(async () => 'again')).toBe('again');
  });

  it('lets errors of those who pass through', async () => {
    const door = new Doorway();
    await expect(door.enter(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    await door.close();
  });
});
