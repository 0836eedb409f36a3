/** What others have written must not steer a terminal, break a line or turn its direction, whoever prints the log. */

/** Control characters, and those that show nothing but change what is shown. JSON leaves them as they are. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** A line of JSON that says the same in characters that are seen. */
export function onOneLine(json: string): string {
  return json.replace(unseen, escaped);
}

/** A text as it may stand in a line for people. */
export function harmless(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  return text.replace(/[\u0000-\u001f]/g, escaped).replace(unseen, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
