/** Finds what a name or a log holds that nobody would see: control characters, and marks that turn the direction of text. */

export interface TextPart {
  text: string;
  /** Set for one unseen character: how it is called. */
  code?: string;
}

const names: Record<string, string> = {
  '\0': 'NUL',
  '\t': 'TAB',
  '\n': 'LF',
  '\r': 'CR',
  '\x1b': 'ESC',
  '\x7f': 'DEL',
};

/** @param keep unseen characters that stay as they are, such as the line ends of a log */
export function textParts(text: string, keep = ''): TextPart[] {
  const parts: TextPart[] = [];
  for (const piece of text.split(/([\p{Cc}\p{Cf}\p{Zl}\p{Zp}])/u)) {
    if (piece === '') continue;
    const last = parts.at(-1);
    if (isUnseen(piece) && !keep.includes(piece)) parts.push({ text: piece, code: nameOf(piece) });
    else if (last && last.code === undefined) last.text += piece;
    else parts.push({ text: piece });
  }
  return parts;
}

function isUnseen(piece: string): boolean {
  return /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]$/u.test(piece);
}

function nameOf(character: string): string {
  const known = names[character];
  if (known !== undefined) return known;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
