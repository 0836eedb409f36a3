/** The checksum that the store keeps of an object, compared with what has come. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';

interface Running {
  update(chunk: Uint8Array): void;
  /** In base 64. */
  digest(): Promise<string> | string;
}

/** By the name of their header; those that cost least come first. */
const algorithms: Record<string, () => Running> = {
  crc32: () => {
    let sum = 0;
    return {
      update: (chunk) => (sum = crc32(chunk, sum)),
      digest: () => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(sum);
        return bytes.toString('base64');
      },
    };
  },
  sha256: () => hashed('sha256'),
  sha1: () => hashed('sha1'),
  crc32c: () => summed(new Crc32c()),
  crc64nvme: () => summed(new Crc64Nvme()),
};

export class StoredChecksum {
  private constructor(
    private readonly name: string,
    private readonly expected: string,
    private readonly running: Running,
  ) {}

  /** @returns nothing where the store keeps none of the whole object; one with a dash is made of those of its parts */
  static of(headers: Record<string, string | string[] | undefined>): StoredChecksum | undefined {
    for (const [name, start] of Object.entries(algorithms)) {
      const expected = headers[`x-amz-checksum-${name}`];
      if (typeof expected === 'string' && !expected.includes('-')) return new StoredChecksum(name, expected, start());
    }
    return undefined;
  }

  update(chunk: Uint8Array): void {
    this.running.update(chunk);
  }

  /** @throws Error when something else came than what was stored; may be called once */
  async verify(): Promise<void> {
    const came = await this.running.digest();
    if (came === this.expected) return;
    throw new Error(`its ${this.name} is ${this.expected}, and what came has ${came}`);
  }
}

function hashed(algorithm: 'sha1' | 'sha256'): Running {
  const hash = createHash(algorithm);
  return { update: (chunk) => hash.update(chunk), digest: () => hash.digest('base64') };
}

function summed(sum: { update(chunk: Uint8Array): void; digest(): Promise<Uint8Array> }): Running {
  return {
    update: (chunk) => sum.update(chunk),
    digest: async () => Buffer.from(await sum.digest()).toString('base64'),
  };
}
