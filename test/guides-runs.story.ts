/** The commands that the pages about runs and what became of them show, run as they stand there. */
import { describe } from '@jest/globals';
import { everyShownCommand, followed } from './guides/follow.js';
import { shares } from './guides/shares.js';

const shown = await everyShownCommand();

describe('the commands of', () => followed(shown, shares['guides-runs']));
