/** Which stories run one at a time, and which begin first. Every other story may run beside others; see CONTRIBUTING.md. */

/** Stories that need the whole machine, and why. */
export const alone = {
  bench: 'it measures, with every core there is',
  'engine-restart': 'it starts a Docker Engine of its own, which wants the network of the machine',
  hostile: 'it keeps the engine busy with a gigabyte of log, a fork bomb and containers without memory',
  'nest-cli': 'it builds anew what all others start',
  images: 'it publishes ports of containers on the machine, and asks for them there',
};

/** The longest of the others, longest first: one that begins last would keep the other lanes waiting. */
export const first = [
  'guides',
  'guides-jobs',
  'guides-runs',
  'bad-input',
  'network-faults',
  'simulation',
  'worker-faults',
  'crash-sweep',
  'storage-faults',
  'chaos',
  'orchestrator-faults',
  'clock',
  'access',
  'dashboard',
  'skip',
  'drain',
];
