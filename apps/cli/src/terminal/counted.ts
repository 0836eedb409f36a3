/** A number of things in words: "1 file", "2 files", "2 tries". */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
