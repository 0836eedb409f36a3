/** The part of a container's output that is kept with an attempt: its beginning and its end. */

const headCharacters = 4_096;
const tailCharacters = 12_000;

export function attemptLog(log: string): string {
  const omitted = log.length - headCharacters - tailCharacters;
  if (omitted <= 0) return log;
  return `${log.slice(0, headCharacters)}\n[... ${omitted} characters left out ...]\n${log.slice(-tailCharacters)}`;
}
