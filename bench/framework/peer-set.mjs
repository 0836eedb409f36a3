/** The peers of one run: each is set up once, when the first suite asks for it, and the reason is kept when it cannot be had. */
export class PeerSet {
  #setUps;
  #wanted;
  #cleanup;
  #say;
  #found = new Map();

  /** `setUps` maps names to functions that install and start a peer, and resolve with what a suite has to know of it. */
  constructor({ setUps, wanted, cleanup, say }) {
    this.#setUps = setUps;
    this.#wanted = wanted;
    this.#cleanup = cleanup;
    this.#say = say;
  }

  /** Resolves with what is there, by name, and why the others are not. */
  async provide(names) {
    const peers = {};
    const missing = {};
    for (const name of names) {
      const { value, why } = await this.#provide(name);
      if (why === undefined) peers[name] = value;
      else missing[name] = why;
    }
    return { peers, missing };
  }

  async #provide(name) {
    if (!Object.hasOwn(this.#setUps, name)) {
      throw new Error(`There is no peer called ${name}. The peers are ${Object.keys(this.#setUps).join(', ')}.`);
    }
    if (!this.#wanted) return { why: 'no peers were wanted' };
    if (!this.#found.has(name)) this.#found.set(name, await this.#setUp(name));
    return this.#found.get(name);
  }

  async #setUp(name) {
    this.#say(`setting up ${name} ...`);
    try {
      return { value: await this.#setUps[name](this.#cleanup) };
    } catch (error) {
      return { why: error.message };
    }
  }
}
