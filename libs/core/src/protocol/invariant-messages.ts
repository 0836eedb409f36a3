/** What is asked, and answered, about the invariants. */
import 'reflect-metadata';
import { IsBooleanString, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { outputDepths, type OutputDepth } from '../invariants/visible-outputs.js';
import type { InvariantId } from '../invariants/invariant.js';

export class InvariantsQuery {
  /** All jobs where none is named. */
  @IsOptional() @IsString() @MaxLength(100) job?: string;
  /** How closely outputs are looked at; every byte is read unless something else is said. */
  @IsOptional() @IsIn(outputDepths) outputs?: OutputDepth;
  /** `true` where nobody else writes below the output: then everything visible there must be accounted for. */
  @IsOptional() @IsBooleanString() exclusive?: string;
}

export interface InvariantAnswer {
  id: InvariantId;
  sentence: string;
  holds: boolean;
  /** The first twenty; `count` says how many there are. */
  violations: string[];
  count: number;
}

export interface InvariantsAnswer {
  holds: boolean;
  jobs: number;
  invariants: InvariantAnswer[];
}
