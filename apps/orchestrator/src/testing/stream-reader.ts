/** Reads a stream of events as a browser would. */

export interface ReadEvent {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

export class StreamReader implements AsyncDisposable {
  readonly events: ReadEvent[] = [];
  /** Resolves when the other side has ended it. */
  readonly ended: Promise<void>;
  private wake: () => void = () => undefined;

  private constructor(
    private readonly response: Response,
    private readonly abort: AbortController,
  ) {
    this.ended = this.read().catch(() => undefined);
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<StreamReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return new StreamReader(response, abort);
  }

  get headers(): Headers {
    return this.response.headers;
  }

  /** The first events that are so, once there are any. */
  async until(holds: (event: ReadEvent) => boolean): Promise<ReadEvent[]> {
    const deadline = Date.now() + 10_000;
    while (!this.events.some(holds)) {
      if (Date.now() > deadline) throw new Error(`It never came: ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, 100);
      });
    }
    return this.events.filter(holds);
  }

  async close(): Promise<void> {
    this.abort.abort();
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.response.body!) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
      this.wake();
    }
  }

  private take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    const data = field('data');
    if (data === undefined) return;
    this.events.push({
      id: field('id') ?? '',
      event: field('event') ?? '',
      data: JSON.parse(data) as ReadEvent['data'],
    });
  }
}
