/** Proves without any bookkeeping that no two objects of a job write the same output, where the names allow the proof. */

/**
 * Outputs that are the object's own name plus one of a few fixed endings cannot collide as long as no ending is the end of
 * another: `a/x.tif.labels.png` belongs to `a/x.tif` alone. A job whose outputs all follow this rule records no owners.
 */
export class OutputEndings {
  private constructor(private readonly endings: ReadonlySet<string>) {}

  /** The rule that the outputs of one object suggest; undefined where they prove nothing. */
  static of(relativeKey: string, outputs: readonly string[]): OutputEndings | undefined {
    const endings = outputs.map((output) => endingOf(relativeKey, output));
    const known = endings.filter((ending) => ending !== undefined);
    if (known.length !== outputs.length) return undefined;
    const ambiguous = known.some((one, i) => known.some((other, j) => i !== j && other.endsWith(one)));
    return ambiguous ? undefined : new OutputEndings(new Set(known));
  }

  /** True when these outputs cannot be those of any other object that follows the same rule. */
  cover(relativeKey: string, outputs: readonly string[]): boolean {
    return outputs.every((output) => {
      const ending = endingOf(relativeKey, output);
      return ending !== undefined && this.endings.has(ending);
    });
  }
}

function endingOf(relativeKey: string, output: string): string | undefined {
  if (output.length <= relativeKey.length || !output.startsWith(relativeKey)) return undefined;
  return output.slice(relativeKey.length);
}
