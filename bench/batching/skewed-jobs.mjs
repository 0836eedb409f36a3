/** Jobs of which no fixed size of a task suits all: skewed sizes, a giant at the end, slow objects nobody can tell, tasks that cost much by themselves. */

const mib = 1_048_576;

/** @param share of their objects, for a run that only shows that it works */
export function skewedJobs(share) {
  const count = (objects) => Math.ceil(objects * share);
  const byBytes = ({ sizeBytes }) => 0.2 + sizeBytes / mib;
  const usual = { targetSeconds: 60, slots: Array.from({ length: 16 }, () => 0), overhead: 1 };
  const sizes = logNormal(count(8_000));
  const slowFrom = count(9_500);
  return [
    { ...usual, name: 'log-normal sizes', objects: listed(sizes), secondsOf: byBytes },
    { ...usual, name: 'a giant at the end', objects: listed([...sizes, 400 * mib]), secondsOf: byBytes },
    {
      ...usual,
      name: 'slow objects at the end',
      objects: listed(Array.from({ length: count(10_000) }, () => mib)),
      secondsOf: ({ key }) => (Number(key) >= slowFrom ? 8 : 0.8),
    },
    {
      ...usual,
      name: 'small objects',
      objects: listed(Array.from({ length: count(100_000) }, () => 10_000)),
      secondsOf: () => 0.02,
    },
    {
      ...usual,
      name: 'tasks that cost 20 s by themselves',
      objects: listed(Array.from({ length: count(60_000) }, () => mib)),
      targetSeconds: 120,
      overhead: 20,
      secondsOf: () => 0.3,
    },
  ];
}

function listed(sizes) {
  return sizes.map((sizeBytes, index) => ({ key: String(index).padStart(7, '0'), sizeBytes, etag: '"e"' }));
}

/** The same every time. */
function logNormal(count) {
  let state = 7;
  const fraction = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(fraction())) * Math.cos(2 * Math.PI * fraction());
    return Math.max(1, Math.round(mib * Math.exp(1.2 * normal)));
  });
}
