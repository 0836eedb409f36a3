/** Who writes which output, of the job store in memory. */
import type { OutputClaim } from '../ports/store-exchange.js';

export class MemoryClaims {
  private readonly owners = new Map<string, Map<string, string>>();

  claim(jobId: string, claims: readonly OutputClaim[]): (OutputClaim & { owner: string })[] {
    const owners = this.owners.get(jobId) ?? new Map<string, string>();
    this.owners.set(jobId, owners);
    return claims.flatMap(({ name, objectKey }) => {
      const owner = owners.get(name) ?? objectKey;
      owners.set(name, owner);
      return owner === objectKey ? [] : [{ name, objectKey, owner }];
    });
  }

  has(jobId: string): boolean {
    return (this.owners.get(jobId)?.size ?? 0) > 0;
  }
}
