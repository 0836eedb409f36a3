/** Writes the schema of job files and the table of their page anew, from the one place that explains the fields. */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { jobFieldTable, jobSchema } from '@longshore/core/json-schema';

async function write(path, parser, text) {
  await writeFile(path, await format(text, { ...(await resolveConfig(path)), parser }));
}

await write('docs/job.schema.json', 'json', JSON.stringify(jobSchema()));
const page = await readFile('docs/job-file.md', 'utf8');
await write('docs/job-file.md', 'markdown', page.replace(/^\| name .*?(?=\n\n|\n$)/ms, jobFieldTable()));
