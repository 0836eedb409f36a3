/** A mail as it travels (RFC 5322): plain text and HTML in UTF-8, with a header that names the news it tells. */

export interface Mail {
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
  /** The same, for those who like it better. */
  html: string;
  /** The same for every sending of the same news: a mailbox can tell by it that a mail came twice. */
  id: string;
}

/** No line of base64 begins so. */
const boundary = '--=longshore';

/** Name of the header with the id of the news. */
export const newsIdHeader = 'X-Longshore-News';

const lineBytes = 76;
/** What an encoded word of 75 characters holds, as whole characters of UTF-8. */
const wordBytes = 42;

export function rawMail({ from, to, subject, text, html, id }: Mail): string {
  return [
    `From: ${address(from)}`,
    `To: ${to.map(address).join(',\r\n ')}`,
    `Subject: ${encoded(subject)}`,
    `${newsIdHeader}: ${encoded(id)}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    'Auto-Submitted: auto-generated',
    '',
    ...part('plain', text),
    ...part('html', html),
    `--${boundary}--`,
    '',
  ].join('\r\n');
}

function part(kind: 'plain' | 'html', content: string): string[] {
  return [
    `--${boundary}`,
    `Content-Type: text/${kind}; charset=utf-8`,
    'Content-Transfer-Encoding: base64',
    '',
    wrapped(Buffer.from(content, 'utf8').toString('base64')),
  ];
}

/** The name before an address may hold any characters; the address itself was checked when it was configured. */
function address(text: string): string {
  const named = /^(.*\S)\s*<([^<>]+)>$/.exec(text);
  return named ? `${encoded(named[1] ?? '')} <${named[2]}>` : text;
}

/** The address without the name before it. */
export function plainAddress(text: string): string {
  return /<([^<>]+)>$/.exec(text)?.[1] ?? text;
}

/** Words of RFC 2047. Nothing is left as it is but short plain text, so that no line break of a name becomes a header. */
function encoded(text: string): string {
  if (/^[\w .,:;!/+-]{0,60}$/.test(text) && !text.includes('\n')) return text;
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > wordBytes) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
}

function wrapped(base64: string): string {
  return (base64.match(new RegExp(`.{1,${lineBytes}}`, 'g')) ?? []).join('\r\n');
}
