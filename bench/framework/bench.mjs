/** What a suite is given: it measures with it, compares, says what is missing, and leaves its clean-up to it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { comparedRows, missingRow, namesOf, newRow } from './rows.mjs';

export class Bench {
  #suite;
  #peers;
  #cleanup;
  #say;
  #rows = [];

  /** `peers` maps names to what is there to use; a peer that could not be had is not in it. */
  constructor({ suite, runs, quick, peers = {}, cleanup, say = () => undefined }) {
    this.#suite = suite;
    this.#peers = peers;
    this.#cleanup = cleanup;
    this.#say = say;
    this.runs = runs;
    this.quick = quick;
  }

  get rows() {
    return this.#rows;
  }

  peer(name) {
    return this.#peers[name];
  }

  /** A fresh folder, removed at the end. */
  async temporary() {
    this.#cleanup.expectOpen();
    const folder = await mkdtemp(path.join(tmpdir(), 'longshore-bench-'));
    this.defer(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  defer(step) {
    this.#cleanup.defer(step);
  }

  missing(subject, why) {
    if (this.#rows.some((row) => row.subject === subject && row.why === why)) return;
    this.#rows.push(missingRow(this.#suite, subject, why));
    this.#say(`left out: ${subject}, because ${why}`);
  }

  /** Measures once; measured again, the values of the same subject and metric make one row. */
  async measure(subject, metric, unit, take) {
    const value = await take();
    this.#say(`${subject}: ${shown(value)} ${unit}`);
    const at = this.#rows.findIndex((row) => row.subject === subject && row.metric === metric && row.unit === unit);
    const runs = [...(this.#rows[at]?.runs ?? []), value];
    const row = newRow({ suite: this.#suite, subject, metric, unit, runs });
    if (at === -1) this.#rows.push(row);
    else this.#rows[at] = row;
    return value;
  }

  /** Keeps values that were measured elsewhere, compared or not. */
  record(row) {
    this.#rows.push(newRow({ suite: this.#suite, ...row }));
    this.#say(`${row.subject}: ${row.runs.map(shown).join(', ')} ${row.unit}`);
  }

  /**
   * Measures the subjects in turn, `runs` times, each time beginning with another one; then compares `ours` with each of the others.
   * `subjects` maps names to functions that measure once, and `ours` names one of them or several; `better` says whether 'more' or 'less' is. A peer that fails is left out.
   */
  async interleave({ metric, unit, better, ours, subjects, runs = this.runs }) {
    if (!['more', 'less'].includes(better)) throw new Error(`better is "more" or "less", not ${better}`);
    const own = namesOf(ours);
    const unknown = own.find((name) => !Object.hasOwn(subjects, name));
    if (unknown !== undefined) throw new Error(`"${unknown}" is not among the subjects`);
    const values = Object.fromEntries(Object.keys(subjects).map((subject) => [subject, []]));
    for (let round = 0; round < runs; round += 1) {
      const names = Object.keys(values);
      const first = round % names.length;
      for (const subject of [...names.slice(first), ...names.slice(0, first)]) {
        try {
          const value = await subjects[subject]();
          values[subject].push(value);
          this.#say(`${subject}: ${shown(value)} ${unit}`);
        } catch (error) {
          if (own.length === 0 || own.includes(subject)) throw error;
          delete values[subject];
          this.missing(subject, `it failed: ${error.message}`);
        }
      }
    }
    const rows = comparedRows({ suite: this.#suite, metric, unit, better, ours, runs: values });
    this.#rows.push(...rows);
    return rows;
  }
}

function shown(value) {
  return Number(value).toLocaleString('en-GB', { maximumSignificantDigits: 4 });
}
