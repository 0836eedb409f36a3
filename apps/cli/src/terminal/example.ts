/** The end of a help text: a line to copy, or several. */
export function example(line: string): string {
  return `\nExample:\n  ${line}`;
}

export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
