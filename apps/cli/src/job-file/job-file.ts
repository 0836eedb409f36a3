/** A job written down as YAML: the request of the jobs API, with paths as seen from the file. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LongshoreError, messageOf, parseBytes } from '@longshore/core';
import { requestFaults, type CreateJobRequest, type RequestFault } from '@longshore/core/protocol';
import { isMap, isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { nearestName } from './nearest-name.js';

/** What a file may leave to the command line. */
export type WrittenJob = Partial<CreateJobRequest>;

/** Stands in for what the command line says, so that the rest of the file can be checked. */
const mayBeMissing = ['plugin', 'input', 'output'];

const longestFileBytes = 1_000_000;

/** @throws LongshoreError `job-file-invalid`, which names the line of each fault */
export async function readJobFile(path: string): Promise<WrittenJob> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw new LongshoreError('job-file-invalid', `The job file ${path} cannot be read: ${messageOf(thrown)}.`);
  });
  if (text.length > longestFileBytes) {
    throw new LongshoreError('job-file-invalid', `${path} is no job file: it has more than a million letters.`);
  }
  return parseJobFile(text, path);
}

/** @param path where the text comes from; its folder is the one that relative paths begin at */
export function parseJobFile(text: string, path: string): WrittenJob {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [unreadable] = document.errors;
  if (unreadable) {
    const line = lines.linePos(unreadable.pos[0]).line;
    throw invalid(path, [`line ${line}: ${unreadable.message.split('\n')[0]?.replace(/ at line.*$/, '')}`]);
  }
  if (!isMap(document.contents)) throw invalid(path, ['it must hold names and values, such as "plugin: echo"']);
  const written = withSizes(plainData(document, path));
  const faults = requestFaults(written).filter(({ path: at }) => !isLeftOut(at, written));
  if (faults.length > 0)
    throw invalid(
      path,
      faults.map((fault) => sentenceOf(fault, document, lines)),
    );
  return fromFolder(written, dirname(resolve(path)));
}

/** References to references, of which a few lines could stand for billions, are refused. */
function plainData(document: Document, path: string): Record<string, unknown> {
  try {
    return document.toJS({ maxAliasCount: 100 }) as Record<string, unknown>;
  } catch (thrown) {
    throw invalid(path, [messageOf(thrown)]);
  }
}

function isLeftOut([name = '', ...inner]: string[], written: Record<string, unknown>): boolean {
  return inner.length === 0 && mayBeMissing.includes(name) && written[name] === undefined;
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
    ...(plugin !== undefined && { plugin: looksLikePath(plugin) ? resolve(folder, plugin) : plugin }),
    ...(input !== undefined && { input: rooted(input, folder) }),
    ...(output !== undefined && { output: rooted(output, folder) }),
  };
}

export function looksLikePath(plugin: string): boolean {
  return /[/.]/.test(plugin);
}

function rooted(location: string, folder: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(location) ? location : resolve(folder, location);
}

function sentenceOf({ path, message, known }: RequestFault, document: Document, lines: LineCounter): string {
  const line = lineOf(path, document, lines);
  const at = path.length > 1 ? `${path.slice(0, -1).join('.')}: ` : '';
  const where = line === undefined ? '' : `line ${line}: `;
  if (!known) return `${where}${at}${message}`;
  const meant = nearestName(path.at(-1) ?? '', known);
  const hint = meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return `${where}${at}${message}; ${hint}`;
}

/** The line of the name, or of the nearest thing around it that stands in the file. */
function lineOf(path: readonly string[], document: Document, lines: LineCounter): number | undefined {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const around = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1).map(position), true);
    const pair = isMap(around) ? around.items.find(({ key }) => String(key) === path[depth - 1]) : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, depth).map(position), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

/** A position in a list is a number. */
function position(name: string): string | number {
  return /^\d+$/.test(name) ? Number(name) : name;
}

function invalid(path: string, sentences: string[]): LongshoreError {
  return new LongshoreError('job-file-invalid', `The job file ${path} is wrong: ${sentences.join('; ')}.`, {
    remedy: 'docs/job-file.md lists every name.',
  });
}
