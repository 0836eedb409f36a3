import { describe, expect, it } from '@jest/globals';
import { Credentials } from './credentials.js';

describe('the credentials of a worker', () => {
  it('are its join token until it is let in, and the newest token of its own from then on', () => {
    const credentials = new Credentials('lsj_join');
    const passedOn: unknown[] = [];
    credentials.onNew = (given) => passedOn.push(given);
    expect(credentials.token).toBe('lsj_join');
    credentials.take({ token: 'lsw_1', token_seconds: 900 });
    credentials.take({});
    credentials.keep({ token: 'lsw_2', token_seconds: 900 });
    expect(credentials.token).toBe('lsw_2');
    expect(passedOn).toEqual([{ token: 'lsw_1', token_seconds: 900 }]);
    credentials.forget();
    expect(credentials.token).toBe('lsj_join');
  });

  it('are old a little after half the life of the token, and never where there is none', () => {
    let now = 1_000;
    const credentials = new Credentials(undefined, () => now);
    expect([credentials.token, credentials.isOld]).toEqual([undefined, false]);
    credentials.take({ token: 'lsw_1', token_seconds: 900 });
    now += 450_000;
    expect(credentials.isOld).toBe(false);
    now += 46_000;
    expect(credentials.isOld).toBe(true);
  });
});
