import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partsOf } from './file-parts.js';
import { PartMemory } from './part-memory.js';

const MiB = 2 ** 20;

describe('the parts of a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-parts-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** What is read of a file with this content to which something happens while its first part waits for memory. */
  const readOf = async (content: Buffer, meanwhile: (path: string) => Promise<void> = () => Promise.resolve()) => {
    const path = join(folder, 'output');
    await writeFile(path, content);
    await using file = await open(path);
    const memory = new PartMemory(1);
    const { release } = await memory.take(1);
    const whole = createHash('sha256');
    const parts = partsOf(file, whole, memory);
    const first = parts.next();
    await meanwhile(path);
    release();
    const bodies: Buffer[] = [];
    for (let part = await first; !part.done; part = await parts.next()) {
      const { body, sha256 } = part.value;
      bodies.push(Buffer.from(body));
      expect(sha256).toBe(sha256Of(body));
      part.value.release();
    }
    expect(whole.digest('hex')).toBe(sha256Of(Buffer.concat(bodies)));
    return bodies;
  };

  it.each([0, 1, 100_000, 8 * MiB - 1, 8 * MiB, 8 * MiB + 1])(
    'are all %i bytes of it, none of them empty but the only one',
    async (bytes) => {
      const content = randomBytes(bytes);
      const bodies = await readOf(content);
      expect(Buffer.concat(bodies).equals(content)).toBe(true);
      expect(bodies).toHaveLength(Math.max(1, Math.ceil(bytes / (8 * MiB))));
    },
  );

  it('hold also what is added to it before it is read', async () => {
    const bodies = await readOf(Buffer.from('first'), (path) => appendFile(path, ' and more'));
    expect(Buffer.concat(bodies).toString()).toBe('first and more');
  });

  it('end where it ends, though it was longer before', async () => {
    const bodies = await readOf(Buffer.from('first and more'), (path) => truncate(path, 5));
    expect(Buffer.concat(bodies).toString()).toBe('first');
  });
});

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
