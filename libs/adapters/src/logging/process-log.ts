/** The log of a process: one line for each thing that happens, its facts in fields, so that programs need not read prose. */
import { withoutSecrets } from '@longshore/core';
import { pino, type Logger } from 'pino';
import { onOneLine } from './one-line.js';
import { prettyLine } from './pretty-line.js';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ['auto', 'json', 'pretty'] as const;
export type LogFormat = (typeof logFormats)[number];

export interface LogOptions {
  /** The program that speaks. */
  process: string;
  level: LogLevel;
  /** `auto`: for people on a terminal, JSON everywhere else. */
  format: LogFormat;
  write?: (text: string) => void;
  isTerminal?: boolean;
}

/** What the framework tells of its own start; dozens of lines that say nothing about jobs. */
const ofTheFramework = [
  'InstanceLoader',
  'NestApplication',
  'NestApplicationContext',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
];

const secretFields = ['authorization', 'cookie', 'password', 'secret', 'token', 'join_token', 'admin_token'];

/** Has the methods that the framework asks of a log: a message, then its fields, then the name of the part that speaks. */
export class ProcessLog {
  private readonly pino: Logger;

  constructor({ process: name, level, format, ...to }: LogOptions) {
    const { write = (text: string) => void process.stdout.write(text), isTerminal = process.stdout.isTTY } = to;
    const isPretty = format === 'pretty' || (format === 'auto' && isTerminal);
    // A colour is for a terminal, whatever a file was asked to look like.
    const colours = isTerminal && process.env.NO_COLOR === undefined;
    const shape = isPretty ? (line: string) => prettyLine(line, colours) : onOneLine;
    this.pino = pino(
      {
        level,
        base: { process: name },
        messageKey: 'message',
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
        redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '...' },
      },
      { write: (line: string) => write(shape(withoutSecrets(line))) },
    );
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.say('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.say('debug', message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.say('info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.say('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.say('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.say('fatal', message, rest);
  }

  private say(level: 'debug' | 'info' | 'warn' | 'error' | 'fatal', message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const at = level === 'info' && context !== undefined && ofTheFramework.includes(context) ? 'debug' : level;
    if (!this.pino.isLevelEnabled(at)) return;
    const fields = rest.filter((one) => typeof one === 'object' && one !== null);
    // The framework hands the stack of an error over as a text before its own name.
    const stack = rest.slice(0, -1).find((one) => typeof one === 'string');
    this.pino[at](
      Object.assign({}, context !== undefined && { context }, ...fields, stack !== undefined && { stack }) as object,
      textOf(message),
    );
  }
}

function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  if (message instanceof Error) return message.stack ?? message.message;
  return JSON.stringify(message) ?? String(message);
}
