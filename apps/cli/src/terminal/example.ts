/** The end of a help text: one line to copy. */
export function example(line: string): string {
  return `\nExample:\n  ${line}`;
}
