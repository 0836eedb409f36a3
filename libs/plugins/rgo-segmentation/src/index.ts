/** The reference plugin: segments fluorescence nuclei, one label image for each input and one table of counts for the job. */
import { csvReport, defineJobPlugin } from '@longshore/core';
import { SegmentationParams } from './segmentation-params.js';

export { SegmentationParams };

export default defineJobPlugin({
  name: 'rgo-segmentation',
  version: '1.0.0',
  summary: 'Segments nuclei in microscopy images and counts them',
  params: SegmentationParams,
  container: {
    image: 'longshore/rgo-segmentation:1',
    name: 'rgo_container',
    lifecycle: 'long-lived',
    mounts: { inputs: '/app/Inputs', outputs: '/app/Outputs' },
    // An image of 4096 x 4096 pixels takes 770 MB.
    resources: { cpus: 1, memory: '1GiB', pids: 64 },
    network: 'none',
  },
  layout: {
    include: ['**/*.png', '**/*.tif', '**/*.tiff'],
    exclude: [],
    outputs: (object) => [`${object.relativeKey}.labels.png`],
    record: (object) => `${object.relativeKey}.record.json`,
    outputsAppearWhole: true,
  },
  command: (task) => ['/app/run_segmentation.sh', task.inputs, task.outputs],
  environment: ({ params }) => ({
    RGO_SMOOTHING: String(params.smoothing),
    RGO_MIN_AREA: String(params.minArea),
    RGO_SPLIT: String(params.split),
  }),
  async *summarize(job) {
    yield await csvReport('counts.csv', ['count', 'threshold', 'width', 'height'], job);
  },
});
