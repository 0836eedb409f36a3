/** Parameters of every kind, for plugins that are tested. */
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export class SegmentationParams {
  @IsInt() @Min(1) @Max(10_000) size = 30;
  @IsOptional() @IsString() @MaxLength(20) colour?: string;
  @IsIn(['fast', 'exact']) method: 'fast' | 'exact' = 'fast';
  @IsBoolean() invert = false;
}
