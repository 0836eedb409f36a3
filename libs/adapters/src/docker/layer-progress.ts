/** Adds up what the engine reports about each layer of an image that is being pulled. */
import type { PullProgress } from '@longshore/core';

/** One line of a pull. */
export interface PullMessage {
  status?: string;
  /** Of the layer. */
  id?: string;
  progressDetail?: { current?: number; total?: number };
  error?: string;
  errorDetail?: { message?: string };
}

export class LayerProgress {
  private readonly layers = new Map<string, PullProgress>();

  /** The new sum, or nothing when the message tells of no bytes. Neither number ever falls. */
  update({ status, id, progressDetail }: PullMessage): PullProgress | undefined {
    if (id === undefined) return undefined;
    const layer = this.layers.get(id) ?? { currentBytes: 0, totalBytes: 0 };
    if (status === 'Downloading') {
      layer.totalBytes = Math.max(layer.totalBytes, progressDetail?.total ?? 0);
      layer.currentBytes = Math.max(layer.currentBytes, Math.min(progressDetail?.current ?? 0, layer.totalBytes));
    } else if (status === 'Download complete' || status === 'Pull complete') {
      layer.currentBytes = layer.totalBytes;
    } else {
      return undefined;
    }
    this.layers.set(id, layer);
    return this.sum();
  }

  private sum(): PullProgress {
    const sum = { currentBytes: 0, totalBytes: 0 };
    for (const { currentBytes, totalBytes } of this.layers.values()) {
      sum.currentBytes += currentBytes;
      sum.totalBytes += totalBytes;
    }
    return sum;
  }
}
