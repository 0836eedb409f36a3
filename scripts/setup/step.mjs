// Does one step of a set-up, and says what it was and how long it took.
export async function step(what, work) {
  const startedAt = performance.now();
  const result = await work();
  const found = typeof result === 'string' ? `: ${result}` : '';
  console.log(`${what}${found} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  return result;
}
