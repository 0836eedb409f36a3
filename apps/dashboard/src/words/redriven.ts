/** What came of a redrive. */
import type { RedriveAnswer } from '@longshore/core/protocol';
import { counted } from './quantities.js';

export function redriven({ redriven: again, refused, ongoing }: RedriveAnswer): string {
  const tried = `${counted(again, 'object is', 'objects are')} tried again${ongoing ? ', little by little' : ''}.`;
  return refused > 0 ? `${tried} ${counted(refused, 'was', 'were')} refused by name, and would be again.` : tried;
}
