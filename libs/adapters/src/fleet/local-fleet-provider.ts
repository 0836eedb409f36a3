/** A fleet of worker processes on this machine. They outlive the command that starts them, and a file tells the next command which they are. */
import { join } from 'node:path';
import {
  fleetChange,
  FleetProvider,
  type FleetDescription,
  type FleetMember,
  type FleetTemplate,
  type FleetWish,
} from '@longshore/core';
import { FleetBook, type WrittenFleet, type WrittenMember } from './fleet-book.js';
import { identityOf } from './process-identity.js';
import { signalWorker, WaitingWorker } from './worker-process.js';

export interface LocalFleetPlace {
  /** Where the fleets are written down, and their logs. */
  home: string;
  /** Program and arguments of a worker, which its environment tells the rest. */
  command: readonly string[];
  /** What workers that are started now are told besides, secrets among it; it is not written down. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Where a fleet that is new is started. */
  folder: string;
}

export class LocalFleetProvider extends FleetProvider {
  constructor(private readonly place: LocalFleetPlace) {
    super();
  }

  async describe(name: string): Promise<FleetDescription | undefined> {
    using book = this.open();
    const written = book.read(name);
    return written && described(written);
  }

  async scale(name: string, wish: FleetWish): Promise<FleetDescription> {
    const started: WaitingWorker[] = [];
    using book = this.open();
    try {
      const after = book.change(name, (before) => this.changed(name, before, wish, started));
      for (const worker of started) worker.go();
      return described(after);
    } catch (thrown) {
      for (const worker of started) worker.forget();
      throw thrown;
    }
  }

  private changed(name: string, before: WrittenFleet | undefined, wish: FleetWish, started: WaitingWorker[]) {
    const { template, start, drain, end } = fleetChange(name, before && described(before), wish);
    const [drained, ended] = [new Set(drain.map(({ worker }) => worker)), new Set(end.map(({ worker }) => worker))];
    const members: WrittenMember[] = [];
    for (const member of before?.members ?? []) {
      if (!lives(member)) continue;
      if (ended.has(member.worker)) signalWorker(member, 'SIGKILL');
      else if (!drained.has(member.worker)) members.push(member);
      else if (signalWorker(member, 'SIGTERM')) members.push({ ...member, draining: true });
    }
    const numbered = before?.numbered ?? 0;
    const folder = before && wish.template === undefined ? before.folder : this.place.folder;
    for (let number = numbered + 1; number <= numbered + start; number += 1) {
      members.push(this.start(name, { template, folder, number }, started));
    }
    const after: WrittenFleet = { name, wanted: wish.workers, template, folder, numbered: numbered + start, members };
    return { after, result: after };
  }

  private start(
    fleet: string,
    { template, folder, number }: { template: FleetTemplate; folder: string; number: number },
    started: WaitingWorker[],
  ): WrittenMember {
    const worker = `${fleet}-${number}`;
    const log = join(this.place.home, fleet, `${worker}.log`);
    const process = WaitingWorker.start({
      command: this.place.command,
      environment: {
        ...this.place.environment,
        ...template.environment,
        LONGSHORE_PLUGIN: template.plugin,
        LONGSHORE_SLOTS: String(template.slots),
        LONGSHORE_WORKER_NAME: worker,
      },
      folder,
      log,
    });
    started.push(process);
    return { worker, pid: process.pid, identity: process.identity, startedAt: Date.now(), log, draining: false };
  }

  private open(): FleetBook {
    return FleetBook.open(join(this.place.home, 'fleets.sqlite'));
  }
}

function lives({ pid, identity }: WrittenMember): boolean {
  return identityOf(pid) === identity;
}

/** Those who were told to leave and have left are no news. */
function described({ name, wanted, template, members }: WrittenFleet): FleetDescription {
  const seen = members.map((member): FleetMember & { draining: boolean } => {
    const state = !lives(member) ? 'gone' : member.draining ? 'draining' : 'running';
    const { worker, pid, startedAt, log, draining } = member;
    return { id: String(pid), worker, state, startedAt, log, draining };
  });
  const shown = seen.filter(({ state, draining }) => state !== 'gone' || !draining);
  return { name, wanted, template, members: shown.map(({ draining: _, ...member }) => member) };
}
