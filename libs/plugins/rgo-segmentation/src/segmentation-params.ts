/** Parameters of the segmentation. */
import { IsInt, IsNumber, Max, Min } from 'class-validator';

export class SegmentationParams {
  /** Standard deviation of the Gaussian that smooths the image before the threshold, in pixels. */
  @IsNumber() @Min(0) @Max(20) smoothing: number = 1;
  /** Smaller objects are dust, in pixels. */
  @IsInt() @Min(1) @Max(100_000) minArea: number = 20;
  /** How readily touching nuclei are taken apart. */
  @IsNumber() @Min(0) @Max(100) split: number = 1;
}
