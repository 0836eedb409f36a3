/** Numbers, sizes and durations as people read them. */
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export function whole(number: number): string {
  return grouped.format(number);
}

export function counted(number: number, thing: string, things = `${thing}s`): string {
  return `${whole(number)} ${number === 1 ? thing : things}`;
}

/** Never 100 % before everything is done, and never 0 % once something is. */
export function percent(part: number, of: number): string {
  if (of === 0) return '0 %';
  const share = (100 * part) / of;
  if (part > 0 && share < 1) return '<1 %';
  if (part < of && share > 99) return '>99 %';
  return `${Math.round(share)} %`;
}

/** How speeds beside one another are written: all in the unit that suits the largest. */
export function rateBeside(most: number): (perSecond: number) => string {
  const [factor, unit] = most >= 1 || most === 0 ? [1, '/s'] : most >= 1 / 60 ? [60, '/min'] : [3_600, '/h'];
  return (perSecond) => `${oneDecimal.format(perSecond * factor)} ${unit}`;
}

export function rate(perSecond: number): string {
  if (perSecond === 0) return '0 /s';
  if (perSecond >= 100) return `${whole(perSecond)} /s`;
  if (perSecond >= 1) return `${oneDecimal.format(perSecond)} /s`;
  const perMinute = perSecond * 60;
  return perMinute >= 1 ? `${oneDecimal.format(perMinute)} /min` : `${oneDecimal.format(perMinute * 60)} /h`;
}

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(count: number): string {
  const power = count < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** power;
  return `${power === 0 || value >= 100 ? whole(value) : oneDecimal.format(value)} ${sizes[power] ?? ''}`;
}

/** Two units at most: `4 s`, `3 min 20 s`, `5 h 12 min`, `2 d 3 h`. */
export function duration(seconds: number): string {
  const time = Math.max(0, seconds);
  if (time < 0.0005) return '0 s';
  if (time < 0.0995) return `${Math.round(time * 1000)} ms`;
  if (time < 9.95) return `${oneDecimal.format(time)} s`;
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ];
  const rounded = Math.round(time);
  const at = units.findIndex(([, length]) => rounded >= length);
  const parts: string[] = [];
  let left = rounded;
  for (const [unit, length] of units.slice(at, at + 2)) {
    const amount = Math.floor(left / length);
    left -= amount * length;
    if (amount > 0) parts.push(`${amount} ${unit}`);
  }
  return parts.join(' ');
}

/** `just now`, `4 s ago`, `in 20 s`. */
export function relative(atMs: number, nowMs: number): string {
  const seconds = (nowMs - atMs) / 1000;
  if (Math.abs(seconds) < 1.5) return 'just now';
  const [largest = ''] = /^\S+ \S+/.exec(duration(Math.round(Math.abs(seconds)))) ?? [];
  return seconds > 0 ? `${largest} ago` : `in ${largest}`;
}

const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export function moment(at: string | number): string {
  return clock.format(new Date(at));
}
