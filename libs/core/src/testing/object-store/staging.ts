/** What staging promises: stored, and not visible. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '../../errors/longshore-error.js';
import { refusedNames } from './hostile-names.js';
import type { ObjectStoreTrial } from './subject.js';

export function stagingContract(trial: () => ObjectStoreTrial): void {
  const nothingIsLeft = async () => {
    expect(await trial().subject.leftovers()).toEqual([]);
    expect(await trial().published()).toEqual(new Map());
  };
  const stageAt = (path: string, signal?: AbortSignal) =>
    trial().store.stage({ location: trial().location, name: 'result', path, ...(signal && { signal }) });

  describe('staging', () => {
    it('records the size and the checksum of what it stored, and shows it to nobody', async () => {
      const content = randomBytes(100_000);
      const staged = await trial().stage('folder/result', content);
      const sha256 = createHash('sha256').update(content).digest('hex');
      expect(staged).toMatchObject({ name: 'folder/result', sizeBytes: content.length, sha256 });
      expect(await trial().list()).toEqual([]);
      expect(await trial().subject.readPublished('folder/result')).toBeUndefined();
      expect(await trial().subject.listPublished()).toEqual([]);
    });

    it('leaves what is published under the name as it is', async () => {
      await trial().put('result', 'old');
      await trial().stage('result', 'new');
      expect(await trial().published()).toEqual(new Map([['result', 'old']]));
    });

    it('gives plain data, which survives a journey as JSON', async () => {
      const staged = await trial().stage('result', 'x');
      expect(JSON.parse(JSON.stringify(staged))).toEqual(staged);
    });

    it.each(['link', 'pipe', 'folder'])('refuses a %s and does not hang on it', async (kind) => {
      const path = join(trial().folder, kind);
      if (kind === 'link') await symlink('/etc/hostname', path);
      else execFileSync(kind === 'pipe' ? 'mkfifo' : 'mkdir', [path]);
      await expect(stageAt(path)).rejects.toMatchObject({ code: 'output-not-a-file' });
      await nothingIsLeft();
    });

    it('refuses a socket and does not hang on it', async () => {
      const path = join(trial().folder, 'socket');
      const server = createServer().listen(path);
      await expect(stageAt(path)).rejects.toMatchObject({ code: 'output-not-a-file' });
      server.close();
      await nothingIsLeft();
    });

    it('says so when the file is not there', async () => {
      await expect(stageAt(join(trial().folder, 'nothing'))).rejects.toBeInstanceOf(LongshoreError);
      await nothingIsLeft();
    });

    it.each(refusedNames)('refuses the name %j', async (name) => {
      await expect(trial().stage(name, 'x')).rejects.toMatchObject({ code: 'name-refused' });
      await nothingIsLeft();
    });

    it('stops with the reason of an aborted signal and keeps nothing', async () => {
      const path = await trial().file(randomBytes(24 * 2 ** 20));
      const reason = new Error('enough');
      await expect(stageAt(path, AbortSignal.abort(reason))).rejects.toBe(reason);
      await nothingIsLeft();
      const control = new AbortController();
      const staging = stageAt(path, control.signal);
      await nextTurn();
      control.abort(reason);
      await expect(staging).rejects.toBe(reason);
      await nothingIsLeft();
    });

    it.each([1, 4, 16, 64])('keeps all or nothing when the signal comes after %i ms', async (ms) => {
      const path = await trial().file(randomBytes(24 * 2 ** 20));
      const control = new AbortController();
      const staging = stageAt(path, control.signal);
      staging.catch(() => undefined);
      await sleep(ms);
      const reason = new Error('enough');
      control.abort(reason);
      const [outcome] = await Promise.allSettled([staging]);
      if (outcome.status === 'fulfilled') await trial().abandon(outcome.value);
      else expect(outcome.reason).toBe(reason);
      await nothingIsLeft();
    });
  });
}
