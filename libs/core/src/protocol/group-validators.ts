/** Checks of the groups a job lists, which may be very many: one look at all of them, without a class for each. */
import { ValidateBy } from 'class-validator';
import { groupFaults, sharedFaults, type GroupFault } from '../groups/group-faults.js';

/** As many faults as one message tells. */
const shown = 5;

export const groupsRule = 'groups';
export const variablesRule = 'variables';

export function IsGroups(): PropertyDecorator {
  return faultless(groupsRule, groupFaults);
}

export function IsVariables(): PropertyDecorator {
  return faultless(variablesRule, sharedFaults);
}

function faultless(name: string, faultsOf: (value: unknown) => GroupFault[]): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown) => faultsOf(value).length === 0,
      defaultMessage: ({ value } = { value: undefined } as never) => sentenceOf(faultsOf(value)),
    },
  });
}

function sentenceOf(faults: readonly GroupFault[]): string {
  const told = faults.slice(0, shown).map(({ path, message }) => `${path.join('.')}: ${message}`);
  return [...told, ...(faults.length > shown ? ['and more'] : [])].join('; ');
}
