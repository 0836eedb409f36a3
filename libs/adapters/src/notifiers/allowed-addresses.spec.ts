import { describe, expect, it } from '@jest/globals';
import { addressFault } from './allowed-addresses.js';

describe('the addresses of webhooks', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '100.100.100.200',
  ])('S24: are never those of machines of a cloud: %s', (address) => {
    expect(addressFault(address, false)).toMatch(/ask about themselves/);
    expect(addressFault(address, true)).toMatch(/ask about themselves/);
  });

  it.each([
    '10.0.0.5',
    '127.0.0.1',
    '172.16.3.4',
    '192.168.1.1',
    '0.0.0.0',
    '100.64.0.1',
    '::1',
    '::',
    'fd12::1',
    '::ffff:10.0.0.5',
    '224.0.0.1',
    '255.255.255.255',
  ])('S24: are private ones only where they may be: %s', (address) => {
    expect(addressFault(address, false)).toMatch(/private address/);
    expect(addressFault(address, true)).toBeUndefined();
  });

  it.each(['93.184.216.34', '172.32.0.1', '2606:2800:220:1::1', '::ffff:93.184.216.34'])(
    'may be any other: %s',
    (address) => {
      expect(addressFault(address, false)).toBeUndefined();
    },
  );
});
