/** What is wrong with a job somebody has written down, fault by fault, so that each can be shown where it stands. */
import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { groupFaults, sharedFaults } from '../groups/group-faults.js';
import { groupsRule, variablesRule } from './group-validators.js';
import { parameterNames } from '../plugin/params.js';
import { CreateJobRequest } from './job-messages.js';

export interface RequestFault {
  /** Names and positions from the outside in: `policy`, `retry`, `0`, `then`. */
  path: string[];
  message: string;
  /** The names that may stand there, where one stands that nobody knows. */
  known?: string[];
}

/** Checks by the very class the API checks with. */
export function requestFaults(given: object): RequestFault[] {
  const request = plainToInstance(CreateJobRequest, given);
  const errors = validateSync(request, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  const { groups, variables } = given as { groups?: unknown; variables?: unknown };
  return faultsOf(errors).flatMap((fault) => {
    if (fault.rule === groupsRule) return groupFaults(groups);
    return fault.rule === variablesRule ? sharedFaults(variables) : [plain(fault)];
  });
}

function plain({ path, message, known }: RequestFault): RequestFault {
  return { path, message, ...(known && { known }) };
}

function faultsOf(
  errors: readonly ValidationError[],
  above: readonly string[] = [],
): (RequestFault & { rule: string })[] {
  return errors.flatMap((error) => {
    const path = [...above, error.property];
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => {
      if (rule !== 'whitelistValidation') return { path, message, rule };
      const known = parameterNames(error.target!.constructor as new () => object);
      return { path, message: `nobody knows "${error.property}"`, known, rule };
    });
    return [...own, ...faultsOf(error.children ?? [], path)];
  });
}
