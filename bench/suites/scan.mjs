/** Listing an input and storing its tasks: against a server that answers at once, and one that takes 80 ms for each page as a real bucket does. */
import { awsCliRate, rcloneRate, sdkRate } from '../scan/peer-runs.mjs';
import { scanOnce, startKeys } from '../scan/scan-run.mjs';

const ours = 'longshore, tasks stored';
const pageMs = 80;

export const suite = {
  name: 'scan',
  summary: 'keys per second with their tasks stored, time to the first task, and memory',
  peers: ['rclone', 'aws-cli'],
  async run(bench) {
    const [few, many] = bench.quick ? [2_000, 20_000] : [10_000, 1_000_000];
    // A listing that nobody cuts takes 80 ms for each thousand keys, whoever asks: a tenth of them tells the rate.
    const fewer = many / 10;
    const rooms = { atOnce: await serve(bench, many), slow: await serve(bench, many, pageMs) };
    const peerRooms = { atOnce: await serve(bench, fewer), slow: await serve(bench, fewer, pageMs) };
    const seen = { firstTaskMs: [], peakMb: [] };
    for (const [room, delay] of [
      ['atOnce', 'a page at once'],
      ['slow', `${pageMs} ms for each page`],
    ]) {
      const own = async () => {
        const { keysPerSecond, firstTaskMs, peakMb } = await scanOnce(rooms[room], many);
        seen.firstTaskMs.push(firstTaskMs);
        seen.peakMb.push(peakMb);
        return keysPerSecond;
      };
      const subjects = { [ours]: own, ...peers(bench, peerRooms[room], fewer) };
      await bench.interleave({ metric: `listing, ${delay}`, unit: 'keys/s', better: 'more', ours, subjects });
    }
    await memory(bench, few, seen.peakMb);
    for (const value of seen.firstTaskMs) await bench.measure(ours, 'first task stored', 'ms', () => value);
  },
};

function peers(bench, keys, count) {
  const rclone = bench.peer('rclone');
  const awsCli = bench.peer('aws-cli');
  return {
    'SDK, thrown away': () => sdkRate(keys, count),
    ...(rclone && { 'rclone lsf': () => rcloneRate(rclone.path, keys, count) }),
    ...(awsCli && { 'aws s3api list-objects-v2': () => awsCliRate(awsCli.path, keys, count) }),
  };
}

/** What a large input takes beyond a small one. */
async function memory(bench, few, ofMany) {
  const small = await serve(bench, few);
  const metric = 'most memory of the orchestrator';
  const least = [];
  for (let run = 0; run < bench.runs; run += 1) {
    least.push(
      await bench.measure(`longshore, ${few} keys`, metric, 'MB', async () => (await scanOnce(small, few)).peakMb),
    );
  }
  for (const value of ofMany) await bench.measure('longshore, all keys', metric, 'MB', () => value);
  const beyond = Math.max(...ofMany) - Math.min(...least);
  await bench.measure('longshore, all keys', 'memory beyond that of few, at most', 'MB', () => beyond);
}

async function serve(bench, count, delayMs = 0) {
  const keys = await startKeys(count, delayMs);
  bench.defer(() => keys.stop());
  return keys;
}
