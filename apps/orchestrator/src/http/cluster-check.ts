/** Refuses whoever names another cluster, before anything they send is looked at. */
import { LongshoreError } from '@longshore/core';
import { clusterHeader } from '@longshore/core/protocol';
import type { NextFunction, Request, Response } from 'express';

const longestName = 100;

/** In front of the gate: a token of another cluster is unknown here, and its owner shall hear what is really wrong. */
export function clusterCheck(cluster: string) {
  return ({ headers }: Request, _: Response, next: NextFunction): void => {
    const named = headers[clusterHeader];
    try {
      refuseOtherCluster(cluster, typeof named === 'string' ? named : undefined);
      next();
    } catch (thrown) {
      next(thrown);
    }
  };
}

/** @throws LongshoreError `wrong-cluster` */
export function refuseOtherCluster(cluster: string, named: string | undefined): void {
  if (named === undefined || named === cluster) return;
  const theirs = named.slice(0, longestName);
  throw new LongshoreError(
    'wrong-cluster',
    `This is the orchestrator of the cluster "${cluster}", and you are of the cluster "${theirs}".`,
    { remedy: 'Set LONGSHORE_CLUSTER of both to one name, or let the worker find the orchestrator of its own.' },
  );
}
