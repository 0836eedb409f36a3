/** Stands before moto: keeps what was asked of it, and answers in its place when a test says so. */
import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { LoopbackServer } from './loopback-server.js';

export interface AskedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** Of the answer. */
  status: number;
}

/** An answer in place of moto's; `silence` is none at all, and `after` lets moto do what was asked and loses its answer. */
export type Interference = { status: number; body: string; type?: string } | 'silence' | 'silence after';

export interface SentMail {
  /** The raw mail, headers and all. */
  raw: string;
  headers: string;
  subject: string;
  text: string;
  html: string;
}

export class AwsProxy extends LoopbackServer {
  /** Everything that was answered, oldest first. */
  readonly asked: AskedRequest[] = [];
  private readonly meddling: { concerns: (request: AskedRequest) => boolean; with: Interference }[] = [];

  private constructor(private readonly target: URL) {
    super();
  }

  static before(url: string): Promise<AwsProxy> {
    return new AwsProxy(new URL(url)).listen();
  }

  /** Meddles with the next so many requests whose body or path holds the text. */
  meddle(text: string, interference: Interference, count = 1): void {
    const concerns = ({ path, body, headers }: AskedRequest) =>
      `${path}\n${String(headers['x-amz-target'])}\n${body.toString()}`.includes(text);
    for (let number = 0; number < count; number += 1) this.meddling.push({ concerns, with: interference });
  }

  /** The mails that moto took, oldest first. */
  get mails(): SentMail[] {
    return this.asked.flatMap(({ body, status }) => {
      const form = new URLSearchParams(body.toString());
      if (status !== 200 || form.get('Action') !== 'SendRawEmail') return [];
      return [readMail(Buffer.from(form.get('RawMessage.Data') ?? '', 'base64').toString())];
    });
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = request;
    const asked: AskedRequest = { method, path, headers, body: await bytesOf(request), status: 0 };
    const index = this.meddling.findIndex(({ concerns }) => concerns(asked));
    const [meddled] = index < 0 ? [] : this.meddling.splice(index, 1);
    if (meddled?.with === 'silence') return;
    if (typeof meddled?.with === 'object') {
      const { status, body, type = 'text/xml' } = meddled.with;
      this.asked.push({ ...asked, status });
      response.writeHead(status, { 'content-type': type }).end(body);
      return;
    }
    const answer = await this.ask(asked);
    this.asked.push({ ...asked, status: answer.status });
    if (meddled?.with === 'silence after') return;
    response.writeHead(answer.status, answer.headers).end(method === 'HEAD' ? undefined : answer.body);
  }

  private ask({ method, path, headers, body }: AskedRequest): Promise<{
    status: number;
    headers: Record<string, string | string[]>;
    body: Buffer;
  }> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.target;
      const { connection: _c, 'transfer-encoding': _t, expect: _e, ...passed } = headers;
      const sent = forward({ hostname, port, method, path, headers: passed }, (answer) => {
        bytesOf(answer).then((bytes) => {
          const { connection: _c, 'transfer-encoding': _t, 'keep-alive': _k, ...kept } = answer.headers;
          resolve({ status: answer.statusCode ?? 502, headers: kept as Record<string, string>, body: bytes });
        }, reject);
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function readMail(raw: string): SentMail {
  const [headers = ''] = raw.split('\r\n\r\n');
  const unfolded = headers.replaceAll('\r\n ', ' ');
  const subject = /^Subject: (.*)$/m.exec(unfolded)?.[1] ?? '';
  const boundary = /boundary="(.*)"/.exec(unfolded)?.[1] ?? '';
  const parts = raw.split(`--${boundary}`).slice(1, -1);
  const [text = '', html = ''] = parts.map((part) => Buffer.from(part.split('\r\n\r\n')[1] ?? '', 'base64').toString());
  return { raw, headers: unfolded, subject: decodedWords(subject), text, html };
}

/** Reads RFC 2047; the blank between two encoded words is none. */
function decodedWords(text: string): string {
  return text
    .replaceAll('?= =?', '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, word: string) => Buffer.from(word, 'base64').toString());
}
