/** Processes that can die between any two steps, and stand still. */

/** The life of one simulated process. */
export class Life {
  private over = false;
  private paused: Promise<void> | undefined;
  private goOn: () => void = () => undefined;
  private readonly mourners: (() => void)[] = [];

  get dead(): boolean {
    return this.over;
  }

  end(): void {
    this.over = true;
    for (const mourner of this.mourners.splice(0)) mourner();
  }

  /** Resolves when the process dies. */
  get ended(): Promise<void> {
    return this.over ? Promise.resolve() : new Promise((resolve) => this.mourners.push(resolve));
  }

  pause(): void {
    this.paused ??= new Promise((resolve) => (this.goOn = resolve));
  }

  resume(): void {
    this.paused = undefined;
    this.goOn();
  }

  /** A step of the process: waits while it stands still, and never comes back once it is dead. */
  async step(): Promise<void> {
    await this.paused;
    if (this.over) await new Promise<never>(() => undefined);
  }
}

export interface Accidents {
  /** Called around each step that leaves the process; may end its life. */
  before(): void;
  after(): void;
}

const none: Accidents = { before: () => undefined, after: () => undefined };

/** Something outside the process, as the process reaches it: every call is a step, before and after which it may die. */
export function mortal<T extends object>(target: T, life: Life, accidents: Accidents = none): T {
  return new Proxy(target, {
    get(_, property) {
      const member = Reflect.get(target, property) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        const call = member as (...args: unknown[]) => unknown;
        if (property === 'list' || property === 'read' || property === 'now') return call.apply(target, args);
        return step(() => call.apply(target, args), life, accidents);
      };
    },
  });
}

async function step(call: () => unknown, life: Life, { before, after }: Accidents): Promise<unknown> {
  await life.step();
  before();
  await life.step();
  try {
    return await call();
  } finally {
    after();
    await life.step();
  }
}
