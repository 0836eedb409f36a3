/** Tells for the objects of a job, page by page, which were done before: it looks up what was recorded and what is there, core decides. */
import {
  readDoneRecord,
  standingByOutputs,
  standingByRecord,
  type Job,
  type ObjectRef,
  type ObjectStore,
  type Scratch,
  type ScratchTable,
  type SkipByOutputs,
  type Standing,
} from '@longshore/core';
import { loadRecords } from './earlier-records.js';
import { listOutputs, visibleOutputs } from './visible-outputs.js';

export interface DoneBeforeTools {
  objects: ObjectStore;
  scratch: Scratch;
  /** The digest of the image that would be run; asked for once, and only when it decides. */
  image: (signal: AbortSignal) => Promise<string | undefined>;
  warn: (line: string) => void;
}

export interface Candidate {
  object: ObjectRef;
  /** Names of the outputs it must produce. */
  outputs: readonly string[];
}

export abstract class DoneBefore implements AsyncDisposable {
  abstract judge(candidates: readonly Candidate[], signal: AbortSignal): Promise<Standing[]>;

  abstract [Symbol.asyncDispose](): Promise<void>;
}

/** What the job's rule looks at. A first job looks at one page of an empty listing, and no further. */
export async function openDoneBefore(job: Job, tools: DoneBeforeTools, signal: AbortSignal): Promise<DoneBefore> {
  const { skip } = job.spec;
  if (skip === undefined || skip.by === 'none') return new NothingBefore({ code: 'not-looked' });
  const { objects, scratch, warn } = tools;
  const tables = new AsyncDisposableStack();
  try {
    const records = tables.use(await scratch.open());
    const found = skip.by === 'manifest' ? await loadRecords(objects, job.spec.output, records, { warn, signal }) : 0;
    if (skip.by === 'manifest' && found === 0) {
      await tables.disposeAsync();
      return new NothingBefore({ code: 'never-done' });
    }
    const outputs = tables.use(await scratch.open());
    await listOutputs(objects, job.spec.output, outputs, signal);
    return skip.by === 'manifest'
      ? new RecordedBefore(job, tools, { records, outputs }, tables.move())
      : new FoundBefore(skip, outputs, tables.move());
  } finally {
    await tables.disposeAsync();
  }
}

class NothingBefore extends DoneBefore {
  constructor(private readonly why: { code: 'not-looked' | 'never-done' }) {
    super();
  }

  async judge(candidates: readonly Candidate[]): Promise<Standing[]> {
    return candidates.map(() => ({ state: 'wanted', why: this.why }));
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

class FoundBefore extends DoneBefore {
  constructor(
    private readonly rule: SkipByOutputs,
    private readonly outputs: ScratchTable,
    private readonly tables: AsyncDisposableStack,
  ) {
    super();
  }

  async judge(candidates: readonly Candidate[]): Promise<Standing[]> {
    const lookUp = await visibleOutputs(
      this.outputs,
      candidates.flatMap(({ outputs }) => outputs),
    );
    return candidates.map(({ outputs }) => standingByOutputs(this.rule, outputs, lookUp));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.tables.disposeAsync();
  }
}

class RecordedBefore extends DoneBefore {
  private image: { digest: string | undefined } | undefined;

  constructor(
    private readonly job: Job,
    private readonly tools: DoneBeforeTools,
    private readonly found: { records: ScratchTable; outputs: ScratchTable },
    private readonly tables: AsyncDisposableStack,
  ) {
    super();
  }

  async judge(candidates: readonly Candidate[], signal: AbortSignal): Promise<Standing[]> {
    const { records, outputs } = this.found;
    const lines = await records.get(candidates.map(({ object }) => object.key));
    const recorded = new Map([...lines].map(([key, line]) => [key, readDoneRecord(line)]));
    const recordedObjects = candidates.filter(({ object }) => recorded.has(object.key));
    const lookUp = await visibleOutputs(
      outputs,
      recordedObjects.flatMap(({ outputs: names }) => names),
    );
    const { spec } = this.job;
    const judgeAll = (image: string | undefined) =>
      candidates.map(({ object, outputs: names }) => {
        const { plugin, pluginVersion, params, input } = spec;
        const { key, etag } = object;
        const now = { key, etag, input: input.bucket, outputs: names, plugin, pluginVersion, params, image };
        return standingByRecord(now, recorded.get(key), lookUp);
      });
    const standings = judgeAll(this.image?.digest);
    if (this.image || !standings.some(hangsOnImage)) return standings;
    this.image = { digest: await this.tools.image(signal) };
    return judgeAll(this.image.digest);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.tables.disposeAsync();
  }
}

function hangsOnImage(standing: Standing): boolean {
  return standing.state === 'wanted' && standing.why.code === 'image-unknown';
}
