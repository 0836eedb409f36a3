/** Parts of addresses. */

/** A query string of what is said; what is undefined or empty is left out. */
export function query(values: Record<string, string | number | undefined>): string {
  const said = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(said.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

export function segment(id: string): string {
  return encodeURIComponent(id);
}
