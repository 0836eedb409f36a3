/** What every place in which an orchestrator leaves its address must do. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Discovery } from '../ports/discovery.js';

export interface DiscoverySubject {
  discovery: Discovery;
  /** The same place, seen by another process. */
  other: Discovery;
  /** The next call cannot reach the place. */
  breakOnce(): void;
  /** The next call is refused, because the caller may not do this. Absent where everybody may. */
  denyOnce?(): void;
  close(): Promise<void>;
}

/** @param open gives a place in which nothing was left yet */
export function discoveryContract(name: string, open: () => Promise<DiscoverySubject>): void {
  describe(name, () => {
    let subject: DiscoverySubject;

    beforeEach(async () => {
      subject = await open();
    });

    afterEach(() => subject.close());

    it('knows no address before one was left', async () => {
      expect(await subject.discovery.find()).toBeUndefined();
    });

    it('gives everybody the address that was left last', async () => {
      const { discovery, other } = subject;
      await discovery.publish('http://10.0.0.1:8480');
      expect(await other.find()).toBe('http://10.0.0.1:8480');
      await other.publish('https://orchestrator.example.org');
      expect(await discovery.find()).toBe('https://orchestrator.example.org');
    });

    it('may be given the same address again', async () => {
      const { discovery } = subject;
      for (const url of ['http://10.0.0.1:8480', 'http://10.0.0.1:8480']) await discovery.publish(url);
      expect(await discovery.find()).toBe('http://10.0.0.1:8480');
    });

    it('gives addresses without a slash at the end', async () => {
      await subject.discovery.publish('http://10.0.0.1:8480/');
      expect(await subject.other.find()).toBe('http://10.0.0.1:8480');
    });

    it('says that the place cannot be reached, and is right when it is asked again', async () => {
      const { discovery } = subject;
      await discovery.publish('http://10.0.0.1:8480');
      subject.breakOnce();
      await expect(discovery.find()).rejects.toMatchObject({ code: 'discovery-failed' });
      expect(await discovery.find()).toBe('http://10.0.0.1:8480');
      subject.breakOnce();
      await expect(discovery.publish('http://10.0.0.2:8480')).rejects.toMatchObject({ code: 'discovery-failed' });
      await discovery.publish('http://10.0.0.2:8480');
      expect(await discovery.find()).toBe('http://10.0.0.2:8480');
    });

    it('says when it is not allowed, and by what that is mended', async () => {
      if (!subject.denyOnce) return;
      const denied = { code: 'access-denied', remedy: expect.stringContaining('credentials') as unknown };
      subject.denyOnce();
      await expect(subject.discovery.find()).rejects.toMatchObject(denied);
      subject.denyOnce();
      await expect(subject.discovery.publish('http://10.0.0.1:8480')).rejects.toMatchObject(denied);
    });
  });
}
