/** Reads the output of a container or an exec to its end. */
import { addAbortSignal, type Readable } from 'node:stream';
import { OutputFrames } from './output-frames.js';
import { OutputLog } from '../commands/output-log.js';

/** The bounded log, once the stream has ended; an aborted signal destroys the stream. */
export async function collectOutput(stream: Readable, signal?: AbortSignal): Promise<string> {
  if (signal) addAbortSignal(signal, stream);
  const frames = new OutputFrames();
  const log = new OutputLog();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (const payload of frames.payloads(chunk)) log.write(payload);
  }
  return log.text();
}
