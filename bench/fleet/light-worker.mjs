/** A worker without containers: the real protocol over connections of its own, and a pause where the work would be. */
import { createHash, randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../programs/send.mjs';

/** As long as a real worker waits for work. */
const waitSeconds = 20;
const tryAgainMs = 500;
const digest = createHash('sha256').digest('hex');

export class LightWorker {
  held = new Map();
  tallies;
  stopping = false;

  /**
   * @param place `{url, number, joinToken, pluginVersion, slots}`
   * @param habits `{taskMs: () => number, chance: () => number}`
   * @param tallies counts of all workers, which this one adds to
   */
  constructor(place, habits, tallies) {
    Object.assign(this, { place, habits, tallies });
    this.url = new URL(place.url);
    // One connection waits for work and one carries the rest, as in a real worker.
    this.agent = new Agent({ keepAlive: true, maxSockets: 2 });
    this.token = place.joinToken;
  }

  async register() {
    const { number } = this.place;
    const answer = await this.untilAnswered('POST', '/register', {
      hostname: `light-${number}`,
      plugin: 'echo',
      slots: 1,
      protocol: 1,
      request_id: randomUUID(),
    });
    this.id = answer.worker_id;
    this.token = answer.token ?? this.token;
    this.everyMs = answer.heartbeat_seconds * 1000;
  }

  /** Works until it is stopped. */
  live() {
    this.life = Promise.all([this.beat(), this.work()]);
  }

  /** Takes no more, and hangs up. */
  stop() {
    this.stopping = true;
    this.agent.destroy();
  }

  async beat() {
    // Workers of a fleet were started at different times.
    await this.pause(this.everyMs * this.habits.chance());
    while (!this.stopping) {
      const assignments = [...this.held.values()];
      const body = {
        assignments,
        stats: { cpu: 0.5, memory_bytes: 1e9, memory_total_bytes: 4e9, disk_free_bytes: 1e10 },
      };
      const answer = await this.untilAnswered('POST', `/heartbeat/${this.id}`, body);
      this.tallies.heartbeats += 1;
      if (answer?.token) this.token = answer.token;
      for (const { assignment_id: gone } of answer?.orders ?? []) if (this.held.delete(gone)) this.tallies.lost += 1;
      await this.pause(this.everyMs);
    }
  }

  async work() {
    // In a fleet that has worked for a while, tasks end at any time.
    let share = this.habits.chance();
    let given;
    while (!this.stopping) {
      given ??= await this.take({ max: 1, wait: waitSeconds });
      if (!given) continue;
      given = await this.doTask(given, share * this.habits.taskMs());
      share = 1;
    }
  }

  /** @returns what was given with a turn that wants work, if anything was */
  async take(wish) {
    const answer = await this.turn(wish);
    const [given] = answer?.assignments ?? [];
    if (!given) return undefined;
    this.held.set(given.assignment_id, { assignment_id: given.assignment_id, fence: given.fence });
    this.tallies.taken += 1;
    this.tallies.secondAttempts += given.fence > 1 ? 1 : 0;
    return given;
  }

  turn(wish) {
    return this.untilAnswered('POST', `/turn/${this.id}`, { ...wish, request_id: randomUUID() });
  }

  /** @returns the next task, where one was there at once */
  async doTask(given, ms) {
    const held = { assignment_id: given.assignment_id, fence: given.fence };
    await this.pause(ms);
    if (this.stopping) return undefined;
    const manifest = { ...this.manifestOf(given), durationMs: ms };
    const accepted = await this.turn({ reports: [{ status: 'completed', details: { manifest }, ...held }] });
    // A heartbeat that is on its way may name it still, and then it is no loss that nobody holds it.
    this.held.delete(given.assignment_id);
    if (accepted?.verdicts[0]?.refused !== undefined) {
      this.tallies.lost += 1;
      return undefined;
    }
    this.tallies.done += 1;
    return this.take({ reports: [{ status: 'published', details: {}, ...held }], max: 1 });
  }

  manifestOf({ objects, input_prefix: prefix }) {
    const entries = objects.map(({ key, etag }) => {
      const name = key.slice(prefix.length);
      const outputs = [name, `${name}.sha256`].map((output) => ({
        name: output,
        sizeBytes: 0,
        sha256: digest,
        token: 'light',
      }));
      return { objectKey: key, etag, outputs };
    });
    return { entries, imageDigest: `sha256:${digest}`, pluginVersion: '1.0.0', exitCode: 0 };
  }

  async pause(ms) {
    await sleep(ms, undefined, { ref: false });
  }

  /** The answer; undefined for one that is refused, because its lease is gone, or once it is stopped. */
  async untilAnswered(method, path, body) {
    while (!this.stopping) {
      try {
        const { url, agent, token } = this;
        const { status, text } = await send({ url, agent, token, method, path, body });
        this.tallies.requests += 1;
        if (status < 300) return JSON.parse(text);
        if (status === 409 || status === 404) {
          this.tallies.lost += 1;
          return undefined;
        }
        this.note(status);
      } catch (thrown) {
        if (this.stopping) return undefined;
        this.note(thrown.code ?? thrown.message);
      }
      await this.pause(tryAgainMs * (0.5 + this.habits.chance()));
    }
    return undefined;
  }

  note(error) {
    const { errors } = this.tallies;
    errors[error] = (errors[error] ?? 0) + 1;
  }
}
