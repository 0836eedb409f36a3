/** Numbers and times as a person would say them. */

export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

/** A count and what it does: `1 task waits`, `2 tasks wait`. */
export function those(number: number, thing: string, [one, several]: readonly [string, string]): string {
  return `${count(number, thing)} ${number === 1 ? one : several}`;
}

/** Of a plugin that nobody takes work of. */
export function nobody(plugin: string, isDrained: boolean): string {
  return isDrained ? `Every worker for the plugin ${plugin} drains` : `No worker for the plugin ${plugin} is here`;
}

export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return count(seconds, 'second');
  if (seconds < 7_200) return count(Math.round(seconds / 60), 'minute');
  return count(Math.round(seconds / 3_600), 'hour');
}

export function shortened(text: string, length = 300): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
