/** Parameters of the echo plugin. */
import { IsNumber, Max, Min } from 'class-validator';

export class EchoParams {
  /** Time each task takes before it copies anything, in seconds; makes runs long enough to watch. */
  @IsNumber() @Min(0) @Max(3_600) pauseSeconds: number = 0;
}
