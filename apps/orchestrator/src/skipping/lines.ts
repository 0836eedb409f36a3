/** Text that arrives in chunks, line by line. */
import { StringDecoder } from 'node:string_decoder';

/** A record may be large; what is longer than any is no line, and would fill the memory. */
const longestLine = 16 * 1024 * 1024;

/** The lines that are not empty; one that is too long comes cut, so that nobody takes it for a whole one. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isTooLong = false;
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.write(Buffer.from(chunk)).split('\n');
    if (!isTooLong) rest += first;
    for (const other of others) {
      if (rest !== '') yield rest;
      rest = other;
      isTooLong = false;
    }
    if (rest.length > longestLine) {
      isTooLong = true;
      rest = rest.slice(0, 100);
    }
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
