export function ensureChromium(): Promise<string>;
export function chromiumPath(): string | undefined;
