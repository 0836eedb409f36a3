/** What every object store promises, run against the real ones and the fake alike. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ObjectStore } from '../ports/object-store.js';
import type { Location } from '../words/location.js';
import type { StagedOutput } from '../words/manifest.js';
import type { ObjectRef } from '../words/object-ref.js';

export interface ObjectStoreSubject {
  store: ObjectStore;
  /** A second instance on the same data, as another process would have. */
  other: ObjectStore;
  location: Location;
  /** A location whose bucket or folder does not exist. */
  missing: Location;
  put(relativeKey: string, content: Uint8Array): Promise<void>;
  remove(relativeKey: string): Promise<void>;
  /** Everything a stranger sees below the location, hidden files and folders too, by name. */
  visible(): Promise<Map<string, string>>;
  /** How many outputs are stored and not visible. */
  stagedCount(): Promise<number>;
  close(): Promise<void>;
}

/** Names that break naive programs. */
export const hostileNames: readonly string[] = [
  'plain.txt',
  'with space.txt',
  ' outer spaces ',
  'quote\'s and "doubles".txt',
  'commas, semicolons; [brackets] {braces}.txt',
  '--leading.txt',
  'a/x.tif',
  'b/x.tif',
  'x.png',
  'x.tif',
  'UPPER.txt',
  'upper.txt',
  'nfc-\u00e9.txt',
  'nfd-e\u0301.txt',
  'emoji-\u{1f52c}.txt',
  'private-\uff21.txt',
  'plus+percent%2Fhash#question?amp&.txt',
  '$(id) `id` ;|.txt',
  'back\\slash.txt',
  'tab\tinside.txt',
];

export function objectStoreContract(name: string, open: () => Promise<ObjectStoreSubject>): void {
  describe(`${name} keeps the promises of an object store:`, () => {
    let subject: ObjectStoreSubject;
    let folder: string;

    beforeEach(async () => {
      subject = await open();
      folder = await mkdtemp(join(tmpdir(), 'longshore-contract-'));
    });
    afterEach(async () => {
      await subject.close();
      await rm(folder, { recursive: true, force: true });
    });

    const listAll = async (after?: string): Promise<ObjectRef[]> => {
      const found: ObjectRef[] = [];
      const options = after === undefined ? {} : { after: subject.location.prefix + after };
      for await (const page of subject.store.list(subject.location, options)) found.push(...page);
      return found;
    };
    const listNames = async (after?: string) =>
      (await listAll(after)).map(({ key }) => key.slice(subject.location.prefix.length));
    const readAll = async (object: ObjectRef, signal?: AbortSignal): Promise<string> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of subject.store.read(subject.location, object, signal)) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    };
    const put = (key: string, text: string) => subject.put(key, Buffer.from(text));
    const stage = async (output: string, content: string | Uint8Array): Promise<StagedOutput> => {
      const path = join(folder, 'output');
      await writeFile(path, content);
      return subject.store.stage({ location: subject.location, name: output, path });
    };

    describe('listing', () => {
      it('F4: gives every key unchanged, in the order of its bytes, with the size', async () => {
        for (const key of hostileNames) await put(key, key);
        const sorted = [...hostileNames].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(await listNames()).toEqual(sorted);
        const found = await listAll();
        expect(found.map(({ sizeBytes }) => sizeBytes)).toEqual(sorted.map((key) => Buffer.byteLength(key)));
      });

      it('orders a folder among files as its keys say', async () => {
        for (const key of ['a-b', 'a/x', 'a.txt', 'a0', 'a/y/z', 'a/y.txt']) await put(key, 'x');
        expect(await listNames()).toEqual(['a-b', 'a.txt', 'a/x', 'a/y.txt', 'a/y/z', 'a0']);
      });

      it.each(['', 'a', 'a/x', 'a/y', 'a/zzz', 'b', 'zzz'])(
        'starts after "%s", whether that is there or not',
        async (after) => {
          const keys = ['a/x', 'a/y/1', 'a/y/2', 'a0', 'b', 'c/d'];
          for (const key of keys) await put(key, 'x');
          expect(await listNames(after)).toEqual(keys.filter((key) => key > after));
        },
      );

      it('gives nothing where nothing is', async () => {
        expect(await listAll()).toEqual([]);
      });

      it('comes in pages', async () => {
        for (let number = 0; number < 1_005; number += 1) await put(`n/${number}`, '');
        const sizes: number[] = [];
        for await (const page of subject.store.list(subject.location)) sizes.push(page.length);
        expect(sizes).toEqual([1_000, 5]);
        expect(new Set(await listNames()).size).toBe(1_005);
      }, 240_000);

      it('says that a location does not exist', async () => {
        const list = async () => {
          for await (const page of subject.store.list(subject.missing)) expect(page).toEqual([]);
        };
        await expect(list()).rejects.toMatchObject({ code: 'location-not-found' });
      });
    });

    describe('reading', () => {
      it('gives back the bytes of every object, empty ones too', async () => {
        for (const key of [...hostileNames, 'empty']) await put(key, key === 'empty' ? '' : `content of ${key}`);
        for (const object of await listAll()) {
          const key = object.key.slice(subject.location.prefix.length);
          expect(await readAll(object)).toBe(key === 'empty' ? '' : `content of ${key}`);
        }
      });

      it('F12: names an object that is gone', async () => {
        await put('gone', 'x');
        const [object] = await listAll();
        await subject.remove('gone');
        await expect(readAll(object!)).rejects.toMatchObject({ code: 'input-missing', objectKey: object!.key });
      });

      it('F12: refuses an object whose content is no longer the listed one', async () => {
        await put('changing', 'one');
        const [object] = await listAll();
        await put('changing', 'two');
        await expect(readAll(object!)).rejects.toMatchObject({ code: 'input-changed', objectKey: object!.key });
      });

      it('stops with the reason of an aborted signal', async () => {
        await put('any', 'x');
        const [object] = await listAll();
        const reason = new Error('enough');
        await expect(readAll(object!, AbortSignal.abort(reason))).rejects.toBe(reason);
      });
    });

    describe('staging and publishing', () => {
      it.each(hostileNames)('shows "%s" whole and only once it is published', async (output) => {
        const staged = await stage(output, `result ${output}`);
        const sha256 = createHash('sha256').update(`result ${output}`).digest('hex');
        expect(staged).toMatchObject({ name: output, sizeBytes: Buffer.byteLength(`result ${output}`), sha256 });
        expect(await listAll()).toEqual([]);
        await subject.store.publish(subject.location, staged);
        expect(await subject.visible()).toEqual(new Map([[output, `result ${output}`]]));
        expect(await subject.stagedCount()).toBe(0);
      });

      it('publishes an empty output', async () => {
        await subject.store.publish(subject.location, await stage('empty', ''));
        expect(await subject.visible()).toEqual(new Map([['empty', '']]));
      });

      it('publishes an output of several parts', async () => {
        const content = Buffer.alloc(9 * 2 ** 20, 'ab');
        const staged = await stage('large', content);
        expect(staged.sha256).toBe(createHash('sha256').update(content).digest('hex'));
        await subject.store.publish(subject.location, staged);
        expect((await subject.visible()).get('large')?.length).toBe(content.length);
      });

      it('replaces what was there', async () => {
        await put('result', 'old');
        await subject.store.publish(subject.location, await stage('result', 'new'));
        expect(await subject.visible()).toEqual(new Map([['result', 'new']]));
      });

      it('may publish twice, also from another process', async () => {
        const staged = await stage('result', 'x');
        await subject.other.publish(subject.location, staged);
        await subject.store.publish(subject.location, staged);
        expect(await subject.visible()).toEqual(new Map([['result', 'x']]));
      });

      it('keeps nothing of what is abandoned, however often', async () => {
        const [kept, dropped] = [await stage('result', 'kept'), await stage('result', 'dropped')];
        await subject.store.abandon(subject.location, dropped);
        await subject.other.abandon(subject.location, dropped);
        await subject.store.publish(subject.location, kept);
        await subject.store.abandon(subject.location, kept);
        expect(await subject.visible()).toEqual(new Map([['result', 'kept']]));
        expect(await subject.stagedCount()).toBe(0);
      });

      it('F22: says that what was abandoned is lost', async () => {
        const staged = await stage('result', 'x');
        await subject.store.abandon(subject.location, staged);
        await expect(subject.store.publish(subject.location, staged)).rejects.toMatchObject({ code: 'staging-lost' });
      });

      it('says of each staged output whether it can still be published', async () => {
        const [waiting, shown, dropped] = [await stage('a', '1'), await stage('b', '2'), await stage('c', '3')];
        await subject.store.publish(subject.location, shown);
        await subject.store.abandon(subject.location, dropped);
        const can = (staged: StagedOutput) => subject.other.canPublish(subject.location, staged);
        expect([await can(waiting), await can(shown), await can(dropped)]).toEqual([true, true, false]);
        await subject.store.abandon(subject.location, waiting);
      });

      it.each(['', '../../etc/passwd', '../victim', '{}', '{"key":1}', 'null'])(
        'S6: publishes and removes nothing for the token %j, which a worker made up',
        async (token) => {
          await put('victim', 'precious');
          const mine = await stage('result', 'x');
          const forged = { ...mine, token };
          await expect(subject.store.publish(subject.location, forged)).rejects.toMatchObject({ code: 'staging-lost' });
          expect(await subject.store.canPublish(subject.location, forged)).toBe(false);
          await subject.store.abandon(subject.location, forged);
          expect(await subject.visible()).toEqual(new Map([['victim', 'precious']]));
          expect(await subject.stagedCount()).toBe(1);
          await subject.store.abandon(subject.location, mine);
        },
      );

      it("S6: publishes nothing for a token of another output's", async () => {
        const [mine, other] = [await stage('mine', '1'), await stage('other', '2')];
        const forged = { ...mine, token: other.token };
        await expect(subject.store.publish(subject.location, forged)).rejects.toMatchObject({ code: 'staging-lost' });
        expect(await subject.visible()).toEqual(new Map());
        for (const staged of [mine, other]) await subject.store.abandon(subject.location, staged);
      });

      it('A2: sweeps what anybody staged under a name, and nothing else', async () => {
        const [mine, longer] = [await stage('a', '1'), await stage('ab', '2')];
        await stage('a', '3');
        await subject.store.sweep(subject.location, ['a', 'never-staged']);
        expect(await subject.stagedCount()).toBe(1);
        await expect(subject.store.publish(subject.location, mine)).rejects.toMatchObject({ code: 'staging-lost' });
        await subject.store.publish(subject.location, longer);
        expect(await subject.visible()).toEqual(new Map([['ab', '2']]));
      });

      it.each(['link', 'pipe', 'folder'])('F21 S12: refuses a %s and does not hang on it', async (kind) => {
        const path = join(folder, kind);
        if (kind === 'link') await symlink('/etc/hostname', path);
        else execFileSync(kind === 'pipe' ? 'mkfifo' : 'mkdir', [path]);
        const request = { location: subject.location, name: 'result', path };
        await expect(subject.store.stage(request)).rejects.toMatchObject({ code: 'output-not-a-file' });
        expect(await subject.stagedCount()).toBe(0);
      });

      it.each(['../outside', 'a/../../outside', '/absolute', 'a//b', ''])(
        'F5: refuses the name "%s"',
        async (output) => {
          await expect(stage(output, 'x')).rejects.toMatchObject({ code: 'name-refused' });
        },
      );

      it('stops with the reason of an aborted signal and keeps nothing', async () => {
        const path = join(folder, 'output');
        await writeFile(path, Buffer.alloc(1_000));
        const reason = new Error('enough');
        const request = { location: subject.location, name: 'result', path, signal: AbortSignal.abort(reason) };
        await expect(subject.store.stage(request)).rejects.toBe(reason);
        expect(await subject.stagedCount()).toBe(0);
        expect(await subject.visible()).toEqual(new Map());
      });
    });
  });
}
