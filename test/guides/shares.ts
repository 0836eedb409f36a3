/** Stories follow the pages side by side. A page that stands here is followed by that story, every other one by `guides.story.ts`. */
export const shares = {
  'guides-runs': [
    'docs/command-line.md',
    'docs/first-run.md',
    'docs/fleet.md',
    'docs/results.md',
    'docs/skipping.md',
    'docs/when-something-fails.md',
  ],
  'guides-jobs': [
    'docs/job-file.md',
    'docs/plugins.md',
    'docs/simulate.md',
    'docs/state.md',
    'docs/storage.md',
    'docs/upgrading.md',
  ],
} as const;
