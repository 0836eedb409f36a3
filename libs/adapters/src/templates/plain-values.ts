/** Facts as they may stand in a mail or on a terminal: hostile names stay on their line and steer nothing. */

/** Control characters, and those that turn the direction of what follows. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

export function plainText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(steering, (found) => {
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

export function plainValues<T>(value: T): T {
  if (typeof value === 'string') return plainText(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => plainValues(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainValues<unknown>(item)])) as T;
}
