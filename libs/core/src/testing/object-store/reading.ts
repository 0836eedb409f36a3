/** What reading promises. */
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { relativeKey } from '../../words/location.js';
import type { ObjectStoreTrial } from './subject.js';

export function readingContract(trial: () => ObjectStoreTrial): void {
  describe('reading', () => {
    it('finds every object under the name it was listed with', async () => {
      await trial().putAll(trial().names, (name) => `content of ${name}`);
      for (const object of await trial().list()) {
        const name = relativeKey(trial().location, object.key);
        expect(String(await trial().read(object))).toBe(`content of ${name}`);
      }
    });

    it.each([
      ['no bytes', Buffer.alloc(0)],
      ['every byte there is', Buffer.from(Array.from({ length: 256 }, (_, value) => value))],
      ['nothing but zeros', Buffer.alloc(100_000)],
      ['more than one chunk', randomBytes(3 * 2 ** 20 + 1)],
    ])('gives back %s as it was', async (_, content) => {
      const object = await trial().listed('object', content);
      expect((await trial().read(object)).equals(content)).toBe(true);
    });

    it('names an object that is gone', async () => {
      const object = await trial().listed('gone', 'x');
      await trial().subject.remove('gone');
      await expect(trial().read(object)).rejects.toMatchObject({ code: 'input-missing', objectKey: object.key });
    });

    it.each(['two', 'longer than before', ''])('refuses an object that was overwritten with "%s"', async (content) => {
      const object = await trial().listed('changing', 'one');
      await trial().put('changing', content);
      await expect(trial().read(object)).rejects.toMatchObject({ code: 'input-changed', objectKey: object.key });
    });

    it('may be broken off, and begun again', async () => {
      const content = randomBytes(3 * 2 ** 20);
      const object = await trial().listed('object', content);
      for await (const chunk of trial().store.read(trial().location, object)) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect((await trial().read(object)).equals(content)).toBe(true);
    });

    it('stops with the reason of an aborted signal, at the beginning and in the middle', async () => {
      const object = await trial().listed('large', randomBytes(8 * 2 ** 20));
      const reason = new Error('enough');
      await expect(trial().read(object, AbortSignal.abort(reason))).rejects.toBe(reason);
      const control = new AbortController();
      const content = trial().store.read(trial().location, object, control.signal)[Symbol.asyncIterator]();
      expect((await content.next()).done).toBe(false);
      control.abort(reason);
      const rest = async () => {
        while (!(await content.next()).done) await nextTurn();
      };
      await expect(rest()).rejects.toBe(reason);
    });
  });
}
