/** The commands that the pages about jobs, plugins and what is kept of them show, run as they stand there. */
import { describe } from '@jest/globals';
import { everyShownCommand, followed } from './guides/follow.js';
import { shares } from './guides/shares.js';

const shown = await everyShownCommand();

describe('the commands of', () => followed(shown, shares['guides-jobs']));
