/** A worker without containers: the real protocol over connections of its own, and a pause where the work would be. */
import { createHash, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

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
    const { hostname, port } = new URL(place.url);
    this.where = { hostname, port };
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
    while (!this.stopping) {
      const answer = await this.untilAnswered('GET', `/assignment/${this.id}?wait=${waitSeconds}&max=1`);
      const [given] = answer?.assignments ?? [];
      if (!given) continue;
      await this.doTask(given, share * this.habits.taskMs());
      share = 1;
    }
  }

  async doTask(given, ms) {
    const held = { assignment_id: given.assignment_id, fence: given.fence };
    const say = (path, body) =>
      this.untilAnswered('POST', `/${path}/${this.id}`, { ...body, ...held, request_id: randomUUID() });
    this.held.set(given.assignment_id, held);
    this.tallies.taken += 1;
    this.tallies.secondAttempts += given.fence > 1 ? 1 : 0;
    await say('ack', {});
    await this.pause(ms);
    if (this.stopping) return;
    const manifest = { ...this.manifestOf(given), durationMs: ms };
    const accepted = await say('status', { status: 'completed', details: { manifest } });
    if (accepted) await say('status', { status: 'published', details: {} });
    this.tallies.done += accepted ? 1 : 0;
    this.held.delete(given.assignment_id);
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
        const { status, answer } = await this.send(method, path, body);
        this.tallies.requests += 1;
        if (status < 300) return answer;
        if (status === 409 || status === 404) {
          this.tallies.lost += 1;
          return undefined;
        }
        this.tallies.errors[answer.code ?? status] = (this.tallies.errors[answer.code ?? status] ?? 0) + 1;
      } catch (thrown) {
        if (this.stopping) return undefined;
        this.tallies.errors[thrown.code ?? thrown.message] =
          (this.tallies.errors[thrown.code ?? thrown.message] ?? 0) + 1;
      }
      await this.pause(tryAgainMs * (0.5 + this.habits.chance()));
    }
    return undefined;
  }

  send(method, path, body) {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${this.token}`,
        'longshore-cluster': 'default',
        ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      };
      const sent = request({ ...this.where, agent: this.agent, method, path, headers }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.once('error', reject);
        response.once('end', () => {
          try {
            resolve({ status: response.statusCode, answer: JSON.parse(Buffer.concat(parts).toString()) });
          } catch (thrown) {
            reject(thrown);
          }
        });
      });
      sent.once('error', reject);
      sent.end(text);
    });
  }
}
