/** Parameters of the segmentation. The defaults were chosen on the example images; `image/settings.py` holds the same. */
import { IsInt, IsNumber, Max, Min } from 'class-validator';

export class SegmentationParams {
  /** Standard deviation of the Gaussian that smooths the image before the threshold, in pixels. */
  @IsNumber() @Min(0) @Max(20) smoothing: number = 1;
  /** Smaller objects are dust, in pixels. */
  @IsInt() @Min(1) @Max(1_000_000) minArea: number = 15;
  /** How readily touching nuclei are taken apart: 0 never, 1 at every dent. */
  @IsNumber() @Min(0) @Max(1) split: number = 0.92;
}
