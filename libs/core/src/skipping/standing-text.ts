/** The standing of an object in one sentence, for people. */
import type { Reason, Standing } from './standing.js';

export function standingSentence(standing: Standing): string {
  switch (standing.state) {
    case 'done': {
      const { record } = standing;
      const names = record.outputs.map(({ name }) => name).join(', ');
      return `It is done: job ${record.job_id} did it at ${record.done_at}, and ${names} is as it was left.`;
    }
    case 'found':
      return `It counts as done because its outputs are there: ${standing.outputs.join(', ')}.`;
    case 'wanted':
      return `It would be run: ${reasonSentence(standing.why)}`;
  }
}

export function reasonSentence(why: Reason): string {
  switch (why.code) {
    case 'not-looked':
      return 'everything is run again, as the job says.';
    case 'never-done':
      return 'no record beside the output says that it was ever done.';
    case 'input-differs':
      return `what was done had its input from ${why.from}, and now it is ${why.to}.`;
    case 'object-changed':
      return `it has changed since job ${why.job} did it: its ETag was ${why.from} and is ${why.to}.`;
    case 'plugin-differs':
      return `its outputs were made by the plugin ${why.from}, and now it is ${why.to}.`;
    case 'version-differs':
      return `it was done by version ${why.from} of the plugin ${why.plugin}, and now it is ${why.to}.`;
    case 'parameter-differs':
      return `the parameter ${why.name} was ${shown(why.from)} and is ${shown(why.to)}.`;
    case 'outputs-differ':
      return `the plugin declares other outputs than were recorded, ${why.name} for instance.`;
    case 'output-missing':
      return `its output ${why.name}, which job ${why.job} left, is not there any more.`;
    case 'output-changed':
      return why.from === why.to
        ? `its output ${why.name} was written over since.`
        : `its output ${why.name} had ${why.from} bytes and has ${why.to}.`;
    case 'image-unknown':
      return `no worker has said which image it runs; it was done by ${why.from}.`;
    case 'image-differs':
      return `it was done by the image ${why.from}, and workers run ${why.to}.`;
    case 'group-changed':
      return 'an object of its group came, went, changed or has to be run, or a value of the group is another.';
    case 'too-few-outputs':
      return tooFew(why);
  }
}

function tooFew({ found, wanted, lacks, tooSmall }: Extract<Reason, { code: 'too-few-outputs' }>): string {
  const lacking = lacks === undefined ? '' : `; ${lacks} is ${tooSmall ? 'too small' : 'not there'}`;
  return `${found} of its outputs count, and ${wanted} are wanted${lacking}.`;
}

function shown(value: unknown): string {
  return value === undefined ? 'not there' : JSON.stringify(value);
}
