/** Which addresses a webhook may lie at: whoever gets the orchestrator to ask for one must not reach what only its machine can. */
import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { LongshoreError } from '@longshore/core';

/** Metadata services of clouds lie here; nobody's receiver does. */
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16);
linkLocal.addSubnet('fe80::', 10, 'ipv6');
linkLocal.addAddress('fd00:ec2::254', 'ipv6');
linkLocal.addAddress('100.100.100.200');

const notPublic = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  notPublic.addSubnet(address, bits);
}
notPublic.addAddress('::', 'ipv6');
notPublic.addAddress('::1', 'ipv6');
notPublic.addSubnet('fc00::', 7, 'ipv6');
notPublic.addSubnet('ff00::', 8, 'ipv6');

const mapped = /^(?:::ffff:|64:ff9b::)(?:([0-9a-f]{1,4}):([0-9a-f]{1,4})|(\d+\.\d+\.\d+\.\d+))$/i;

/** @returns why nothing is sent there, or undefined where it may be */
export function addressFault(address: string, allowPrivate: boolean): string | undefined {
  const plain = withoutMapping(address);
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  if (linkLocal.check(plain, family)) return `${address} is an address for machines of a cloud to ask about themselves`;
  if (!allowPrivate && notPublic.check(plain, family)) return `${address} is a private address`;
  return undefined;
}

/** An IPv4 address that is written as one of IPv6 is the same address. */
function withoutMapping(address: string): string {
  const [, high, low, dotted] = mapped.exec(address) ?? [];
  if (dotted !== undefined) return dotted;
  if (high === undefined || low === undefined) return address;
  const [left, right] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [left >> 8, left & 255, right >> 8, right & 255].join('.');
}

/** @throws LongshoreError `notification-refused` */
export function refuseAddress(host: string, address: string, allowPrivate: boolean): void {
  const fault = addressFault(address, allowPrivate);
  if (fault === undefined) return;
  throw new LongshoreError('notification-refused', `Nothing is sent to ${host}: ${fault}.`, {
    remedy: 'Where it is meant, and no address of link-local kind, set LONGSHORE_WEBHOOK_ALLOW_PRIVATE=true.',
  });
}

/** Finds addresses as the system does, and gives back none that may not be asked: what was looked at is what is connected to. */
export function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true } as LookupOptions & { all: true }, (error, addresses: LookupAddress[]) => {
      const refused = error ?? refusalOf(host, addresses, allowPrivate);
      const [first] = addresses ?? [];
      if (refused || !first) return done(refused ?? new Error(`${host} has no address`), '');
      if (options.all) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}

function refusalOf(
  host: string,
  addresses: readonly LookupAddress[],
  allowPrivate: boolean,
): LongshoreError | undefined {
  try {
    for (const { address } of addresses) refuseAddress(host, address, allowPrivate);
    return undefined;
  } catch (thrown) {
    return thrown as LongshoreError;
  }
}
