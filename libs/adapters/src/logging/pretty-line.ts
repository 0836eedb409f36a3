/** A line of the log for people: when, how bad, who, what, and the fields behind it. */
import { harmless } from './one-line.js';

interface Line {
  level: string;
  time: string;
  message: string;
  process: string;
  context?: string;
  stack?: string;
  [field: string]: unknown;
}

const colourOf: Record<string, number> = { debug: 2, info: 32, warn: 33, error: 31, fatal: 31 };

export function prettyLine(json: string, colours: boolean): string {
  const { level, time, message, process, context = process, stack, ...fields } = JSON.parse(json) as Line;
  const paint = (text: string, colour: number) => (colours ? `\u001b[${colour}m${text}\u001b[0m` : text);
  const facts = Object.entries(fields).map(([name, value]) => ` ${name}=${shown(value)}`);
  const head = `${timeOfDay(time)} ${paint(level.toUpperCase().padEnd(5), colourOf[level] ?? 0)} ${context}`;
  // The stack of our own error is of several lines, and each of them is one.
  const lines = [...message.split('\n'), ...(stack?.split('\n') ?? [])].map(harmless);
  return `${head}: ${lines.join('\n    ')}${paint(facts.join(''), 2)}\n`;
}

function timeOfDay(iso: string): string {
  const at = new Date(iso);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[\w.:/@+-]+$/.test(text) ? text : harmless(typeof value === 'string' ? JSON.stringify(text) : text);
}
