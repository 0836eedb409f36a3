/** What is set for other programs of Longshore in this terminal has no say in the bench. */
export function ownSettings() {
  const names = Object.keys(process.env).filter((name) => name.startsWith('LONGSHORE_'));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
