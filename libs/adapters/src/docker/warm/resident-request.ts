/** What the resident process is told: the words of a command, as lines. */
import type { Command } from '@longshore/core';
import { environmentList } from '../container-options.js';
import { RESERVED_PREFIX } from './resident-program.js';

/** The resident process reads byte by byte, a microsecond each. From here on the engine's exec takes no longer. */
const LARGEST_BYTES = 16 * 1024;
const MOST_WORDS = 1024;

const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Names that mean something to one of the shells: it refuses to set them, sets them itself, or behaves differently. */
const SHELL_OWN =
  /^(?:_|IFS|PS[0-9]|P?PID|E?UID|PWD|OLDPWD|SHLVL|ENV|OPT(?:IND|ARG|ERR)|LINENO|S?RANDOM|SECONDS|EPOCH.*|FUNCNAME|DIRSTACK|GROUPS|HIST.*|SHELLOPTS|BASH.*|POSIXLY_CORRECT)$/;

export class ResidentRequests {
  private last: readonly string[] = [];

  /** Whether a shell can hand the command on unchanged, and soon enough. What it cannot is for the engine. */
  suit({ argv, environment = {} }: Command): boolean {
    const words = [...environmentList(environment), ...argv];
    if (words.length > MOST_WORDS || argv[0]?.startsWith('-') !== false) return false;
    if (!Object.keys(environment).every(isPlainName)) return false;
    return words.every((word) => !word.includes('\0')) && bytesOf(words) <= LARGEST_BYTES;
  }

  /** @param command nothing, to ask about the processes alone */
  encode(mark: string, command?: Command): string {
    const settings = environmentList(command?.environment);
    const words = [...settings, ...(command?.argv ?? [])];
    const lines = words.map((word, at) => (word === this.last[at] ? '=' : `${word.split('\n').length - 1}\n${word}`));
    // What stood behind the words of this command is still there.
    this.last = [...words, ...this.last.slice(words.length)];
    return [mark, `${words.length} ${settings.length}`, ...lines, ''].join('\n');
  }
}

function isPlainName(name: string): boolean {
  return SHELL_NAME.test(name) && !SHELL_OWN.test(name) && !name.startsWith(RESERVED_PREFIX);
}

function bytesOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
}
