/** A job written down: the request of the jobs API as YAML, with paths as seen from the file, or the groups of Distributed-Something. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LongshoreError, messageOf, parameterNames, parseBytes, readParams, type JobPlugin } from '@longshore/core';
import { requestFaults, type CreateJobRequest, type RequestFault } from '@longshore/core/protocol';
import { placeInFile, readDistributedSomething, type WrittenGroups } from './distributed-something.js';
import { faultWords, tellingFaults } from './fault-words.js';
import { faultLines, wrongFile, type Place } from './faults.js';
import { jsonFault } from './json-fault.js';
import { YamlText } from './yaml-text.js';

/** What a file may leave to the command line. */
export type WrittenJob = Partial<CreateJobRequest>;

/** Stands in for what the command line says, so that the rest of the file can be checked. */
const mayBeMissing = ['plugin', 'input', 'output'];

const longestYamlLetters = 1_000_000;
/** As much as the jobs API takes. */
const longestListLetters = 60_000_000;

export class JobFile {
  private constructor(
    readonly path: string,
    readonly written: WrittenJob,
    private readonly faults: readonly RequestFault[],
    /** What the place of a field in the request is in the text; undefined where that is of no file one could open. */
    private readonly places: (path: readonly string[], what: 'name' | 'value') => Place | undefined,
  ) {}

  /** @throws LongshoreError `job-file-invalid` for what is no job file at all */
  static async read(path: string): Promise<JobFile> {
    const text = await textOf(path);
    const listed = readDistributedSomething(text);
    if (listed) return JobFile.ofGroups(text, path, listed);
    const isJson = path.endsWith('.json') || text.length > longestYamlLetters;
    const broken = isJson ? jsonFault(text) : undefined;
    if (broken) throw wrongFile(path, [broken]);
    return JobFile.ofYaml(text, path);
  }

  static async ofYaml(text: string, path: string): Promise<JobFile> {
    if (text.length > longestYamlLetters) {
      const sentence = 'it has more than a million letters; a longer list of groups goes into a file of its own';
      throw wrongFile(path, [{ place: undefined, sentence }]);
    }
    const yaml = YamlText.read(text, path);
    const named = await withGroups(yaml.data, path);
    const written = withSizes(named);
    const faults = requestFaults(written).filter(({ path: at }) => !isLeftOut(at, written));
    const own = (at: readonly string[]) =>
      named === yaml.data || !['groups', 'variables'].includes(at[0] ?? '') ? at : at.slice(0, 1);
    return new JobFile(path, fromFolder(written, dirname(resolve(path))), faults, (at, what) =>
      yaml.placeOf(own(at), what),
    );
  }

  private static ofGroups(text: string, path: string, listed: WrittenGroups): JobFile {
    const written = { ...listed } as WrittenJob;
    const faults = requestFaults(written).filter(({ path: at }) => !isLeftOut(at, written));
    let yaml: YamlText | undefined;
    // A file of a hundred thousand groups is not read twice to name a line.
    const places = (at: readonly string[], what: 'name' | 'value') => {
      if (text.length > longestYamlLetters) return undefined;
      yaml ??= jsonText(text, path);
      return yaml?.placeOf(placeInFile(at), what);
    };
    return new JobFile(path, written, faults, places);
  }

  /**
   * Everything that is wrong is told at once, the parameters of its plugin with it.
   *
   * @param given parameters of the command line, which win, and of which the orchestrator says what is wrong
   * @throws LongshoreError `job-file-invalid`
   */
  assertRight(plugin?: JobPlugin, given: Record<string, unknown> = {}): void {
    const params = plugin ? paramFaults(plugin, { ...this.written.params, ...given }) : [];
    const faults = [...this.faults, ...params.filter(({ path }) => !Object.hasOwn(given, path[1] ?? ''))];
    if (faults.length === 0) return;
    throw wrongFile(
      this.path,
      tellingFaults(faults).map((fault) => this.placed(fault)),
    );
  }

  /** Does what an orchestrator may refuse, and says where in the file stands what it refuses. */
  async inFile<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw thrown instanceof LongshoreError && thrown.fields.length > 0 ? this.refusal(thrown) : thrown;
    }
  }

  private refusal(error: LongshoreError): LongshoreError {
    const { code, remedy, fields } = error;
    const faults = fields.map(({ pointer, detail }) => {
      const path = pathOf(pointer);
      return { place: this.places(path, 'value'), sentence: `${path.join('.')}: ${detail.replace(/\.$/, '')}` };
    });
    if (faults.every(({ place }) => place === undefined)) return error;
    return new LongshoreError(code, `The job file ${this.path} is refused: ${faultLines(faults)}`, {
      ...(remedy !== undefined && { remedy }),
      fields,
      cause: error,
    });
  }

  private placed(fault: RequestFault) {
    const place = this.places(fault.path, fault.known ? 'name' : 'value');
    return { place, sentence: faultWords(fault, valueAt(this.written, fault.path)) };
  }
}

export function looksLikePath(plugin: string): boolean {
  return /[/.]/.test(plugin);
}

async function textOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw new LongshoreError('job-file-invalid', `The job file ${path} cannot be read: ${messageOf(thrown)}.`);
  });
  if (text.length <= longestListLetters) return text;
  throw new LongshoreError('job-file-invalid', `${path} is no job file: it has more than sixty million letters.`);
}

/** `groups: plate.json` names a file of Distributed-Something; what the job file says of variables wins. */
async function withGroups(written: Record<string, unknown>, path: string): Promise<Record<string, unknown>> {
  const { groups, variables } = written;
  if (typeof groups !== 'string') return written;
  const named = resolve(dirname(resolve(path)), groups);
  const listed = readDistributedSomething(await textOf(named));
  if (!listed) throw wrongFile(named, [{ place: undefined, sentence: 'it must be JSON with a list named "groups"' }]);
  (await JobFile.read(named)).assertRight();
  return {
    ...written,
    groups: listed.groups,
    variables: { ...listed.variables, ...(variables as object | undefined) },
  };
}

/** JSON is YAML, but for rare texts, of which no line is named then. */
function jsonText(text: string, path: string): YamlText | undefined {
  try {
    return YamlText.read(text, path);
  } catch {
    return undefined;
  }
}

function paramFaults(plugin: JobPlugin, params: Record<string, unknown>): RequestFault[] {
  try {
    readParams(plugin, params);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof LongshoreError)) throw thrown;
    const known = parameterNames(plugin.params);
    return thrown.fields.map(({ pointer, detail }): RequestFault => {
      const path = pathOf(pointer);
      const name = path[1] ?? '';
      const isStranger = path.length === 2 && !known.includes(name);
      return isStranger ? { path, message: `${plugin.name} takes no "${name}"`, known } : { path, message: detail };
    });
  }
}

/** The names in a JSON Pointer. */
function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(written: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    written,
  );
}

function isLeftOut([name = '', ...inner]: string[], written: object): boolean {
  return inner.length === 0 && mayBeMissing.includes(name) && valueAt(written, [name]) === undefined;
}

/** A size such as `2GiB` means what it means on the command line. */
function withSizes(written: Record<string, unknown>): Record<string, unknown> {
  const { maxBytes, ...batching } = (written.batching ?? {}) as Record<string, unknown>;
  if (typeof maxBytes !== 'string') return written;
  try {
    return { ...written, batching: { ...batching, maxBytes: parseBytes(maxBytes) } };
  } catch {
    return written;
  }
}

function fromFolder(written: WrittenJob, folder: string): WrittenJob {
  const { plugin, input, output } = written;
  return {
    ...written,
    ...(isText(plugin) && { plugin: looksLikePath(plugin) ? resolve(folder, plugin) : plugin }),
    ...(isText(input) && { input: rooted(input, folder) }),
    ...(isText(output) && { output: rooted(output, folder) }),
  };
}

/** Until the file is known to be right, anything may stand there. */
function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function rooted(location: string, folder: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(location) ? location : resolve(folder, location);
}
