/** Whether this machine may be an EC2 instance, told from what its firmware says: nobody is asked, so a laptop loses no time. */
import { readFileSync } from 'node:fs';

/** Nitro instances say "Amazon EC2", those on Xen have a version such as "4.11.amazon" or an id that begins with "ec2". */
const places = [
  '/sys/devices/virtual/dmi/id/sys_vendor',
  '/sys/devices/virtual/dmi/id/bios_version',
  '/sys/devices/virtual/dmi/id/bios_vendor',
  '/sys/hypervisor/uuid',
];

export function looksLikeEc2(read: (path: string) => string = (path) => readFileSync(path, 'utf8')): boolean {
  return places.some((path) => {
    try {
      return /amazon|^ec2/i.test(read(path));
    } catch {
      return false;
    }
  });
}
