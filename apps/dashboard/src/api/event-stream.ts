/** Reads a stream of server-sent events as text/event-stream writes it; the browser's own reader can show no token. */

export interface StreamEvent {
  type: string;
  data: string;
  id?: string;
}

/** Text comes in pieces that end anywhere; events come out whole. */
export class EventParser {
  private rest = '';
  private type = '';
  private data: string[] = [];
  private id: string | undefined;

  /** @returns the events that the piece completed */
  push(piece: string): StreamEvent[] {
    const text = this.rest + piece;
    // A carriage return at the end may be the first half of a line end.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? '') + text.slice(whole.length);
    return lines.flatMap((line) => this.line(line) ?? []);
  }

  private line(line: string): StreamEvent | undefined {
    if (line === '') return this.complete();
    if (line.startsWith(':')) return undefined;
    const at = line.indexOf(':');
    const field = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '');
    if (field === 'event') this.type = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id') this.id = value;
    return undefined;
  }

  private complete(): StreamEvent | undefined {
    const { type, data, id } = this;
    [this.type, this.data] = ['', []];
    if (data.length === 0) return undefined;
    return { type: type === '' ? 'message' : type, data: data.join('\n'), ...(id !== undefined && { id }) };
  }
}
