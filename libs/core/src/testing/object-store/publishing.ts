/** What becomes of a staged output: published, abandoned or swept. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hostileNames } from './hostile-names.js';
import type { ObjectStoreTrial } from './subject.js';

export function publishingContract(trial: () => ObjectStoreTrial): void {
  const onlyThisIsLeft = async (...published: [string, string][]) => {
    expect(await trial().published()).toEqual(new Map(published));
    expect(await trial().subject.leftovers()).toEqual([]);
  };
  const lost = expect.objectContaining({ code: 'staging-lost' });

  describe('publishing', () => {
    it.each(hostileNames)('shows %j, and only once it is published', async (name) => {
      if (!trial().names.includes(name)) return;
      const staged = await trial().stage(name, `result ${name}`);
      expect(await trial().list()).toEqual([]);
      await trial().publish(staged);
      await onlyThisIsLeft([name, `result ${name}`]);
      expect(await trial().listNames()).toEqual([name]);
    });

    it.each([0, 1, 2 ** 20, 17 * 2 ** 20])('shows an output of %i bytes whole', async (sizeBytes) => {
      const content = randomBytes(sizeBytes);
      await trial().publish(await trial().stage('result', content));
      expect((await trial().subject.readPublished('result'))?.equals(content)).toBe(true);
      expect(await trial().list()).toMatchObject([{ key: trial().keyOf('result'), sizeBytes }]);
    });

    it('keeps twins apart', async () => {
      const staged = await Promise.all(trial().names.map((name) => trial().stage(name, `result ${name}`)));
      await Promise.all(staged.map((output) => trial().publish(output)));
      await onlyThisIsLeft(...trial().names.map((name): [string, string] => [name, `result ${name}`]));
    });

    it('replaces what was there', async () => {
      await trial().put('result', 'old and longer');
      await trial().publish(await trial().stage('result', 'new'));
      await onlyThisIsLeft(['result', 'new']);
    });

    it('may be repeated, by any process', async () => {
      const staged = await trial().stage('folder/result', 'x');
      await trial().publish(staged, trial().subject.other);
      await trial().publish(staged);
      await trial().publish(staged, trial().subject.other);
      await onlyThisIsLeft(['folder/result', 'x']);
    });

    it('may be done by two processes at once', async () => {
      const staged = await trial().stage('folder/result', 'x');
      await Promise.all([trial().publish(staged), trial().publish(staged, trial().subject.other)]);
      await onlyThisIsLeft(['folder/result', 'x']);
    });

    it('shows the attempt that was accepted, whatever others have staged', async () => {
      const [first, second, third] = [
        await trial().stage('result', 'first'),
        await trial().stage('result', 'second', trial().subject.other),
        await trial().stage('result', 'third'),
      ];
      await trial().publish(second);
      await Promise.all([trial().abandon(first), trial().abandon(third)]);
      await onlyThisIsLeft(['result', 'second']);
    });

    it('says that what was removed after it was published is lost', async () => {
      const staged = await trial().stage('result', 'x');
      await trial().publish(staged);
      await trial().subject.remove('result');
      await expect(trial().publish(staged)).rejects.toEqual(lost);
      expect(await trial().published()).toEqual(new Map());
    });

    it('takes no token for another output than its own', async () => {
      const [mine, yours] = [await trial().stage('mine', '1'), await trial().stage('yours', '2')];
      const forged = { ...mine, token: yours.token };
      await expect(trial().publish(forged)).rejects.toMatchObject({ code: 'invalid-request' });
      await expect(trial().abandon(forged)).rejects.toMatchObject({ code: 'invalid-request' });
      await Promise.all([trial().publish(mine), trial().publish(yours)]);
      await onlyThisIsLeft(['mine', '1'], ['yours', '2']);
    });

    it.each(['', 'nonsense', '../secret', '../../secret', 'null', '{}', '[]', '{"key":1}'])(
      'takes the token %j for nothing',
      async (token) => {
        await trial().put('secret', 'kept');
        const forged = { ...(await trial().stage('result', 'x')), token };
        const refused = expect.objectContaining({ code: expect.stringMatching(/^(invalid-request|staging-lost)$/) });
        await expect(trial().publish(forged)).rejects.toEqual(refused);
        expect(await trial().published()).toEqual(new Map([['secret', 'kept']]));
      },
    );
  });

  describe('abandoning', () => {
    it('keeps nothing, however often and by whom it is done', async () => {
      const staged = await trial().stage('folder/result', 'x');
      await trial().abandon(staged);
      await trial().abandon(staged, trial().subject.other);
      await expect(trial().publish(staged)).rejects.toEqual(lost);
      await onlyThisIsLeft();
    });

    it('keeps what is published', async () => {
      const staged = await trial().stage('result', 'x');
      await trial().publish(staged);
      await trial().abandon(staged);
      await onlyThisIsLeft(['result', 'x']);
    });
  });

  describe('sweeping', () => {
    it('removes what anybody has staged under these names', async () => {
      const staged = await Promise.all([
        ...trial().names.map((name) => trial().stage(name, '1')),
        ...trial().names.map((name) => trial().stage(name, '2', trial().subject.other)),
      ]);
      await trial().store.sweep(trial().location, trial().names);
      await onlyThisIsLeft();
      await expect(trial().publish(staged[0]!)).rejects.toEqual(lost);
    });

    it('removes nothing else', async () => {
      const [published, longer, below] = [
        await trial().stage('b', 'published'),
        await trial().stage('ab', 'longer'),
        await trial().stage('folder/a', 'below'),
      ];
      await trial().publish(published);
      await trial().stage('a', 'swept');
      await trial().store.sweep(trial().location, ['a', 'b', 'never staged']);
      await trial().store.sweep(trial().location, ['a', 'b', 'never staged']);
      await Promise.all([trial().publish(longer), trial().publish(below)]);
      await onlyThisIsLeft(['b', 'published'], ['ab', 'longer'], ['folder/a', 'below']);
    });

    it('has nothing to do where nothing is staged', async () => {
      await trial().store.sweep(trial().location, ['a']);
      await trial().store.sweep(trial().location, []);
      await onlyThisIsLeft();
    });
  });
}
