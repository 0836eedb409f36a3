/** What is asked, and answered, about what a job would do. */
import 'reflect-metadata';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import type { SkipRule } from '../words/skip-rule.js';
import { CreateJobRequest } from './job-messages.js';

/** A job as it would be submitted. */
export class PlanRequest extends CreateJobRequest {
  /** An object about which more is wanted: its key, or its name below the input. */
  @IsOptional() @IsString() @Length(1, 1_100) why?: string;
  /** The object whose layout is wanted; the first that would be run, where nothing is said. */
  @IsOptional() @IsString() @Length(1, 1_100) object?: string;
  /** The digest of the image that would be run, instead of what workers say. */
  @IsOptional() @Matches(/^sha256:[0-9a-f]{64}$/) imageDigest?: string;
}

/** Objects for which the same holds. */
export interface PlanReason {
  /** The short name of a reason: `never-done`, `object-changed`, `image-differs`, ... */
  reason: string;
  objects: number;
  /** The key of the first of them, and the sentence about it. */
  example: { key: string; sentence: string };
}

/** A task as it would be cut. */
export interface PlannedTask {
  /** Ordinal of the first of its objects in the listing, from 0. */
  position: number;
  object_count: number;
  size_bytes: number;
  /** The keys of its first twenty objects. */
  file_names: string[];
  /** The key of its last object. */
  last_file_name: string;
  /** The group that it is, from 1, where the job lists groups. */
  group?: number;
}

/** One object from its key to the container, and to the keys of its outputs. */
export interface PlannedLayout {
  key: string;
  /** Where it lies: an address, or a path of the orchestrator's machine. */
  input: string;
  /** Where the command finds it. */
  container_path: string;
  /** What the command must leave of it, and where that is published. */
  outputs: { container_path: string; key: string; output: string }[];
}

export interface PlanAnswer {
  plugin: string;
  plugin_version: string;
  input: string;
  output: string;
  skip: SkipRule;
  /** What would be run. How many tasks nobody knows where they are cut by time. */
  run: { objects: number; tasks?: number; bytes: number };
  /** How long a task is to take, where they are cut by time: as they are asked for, by the speed that is measured then. */
  target_seconds?: number;
  /** The first three tasks that would be run. */
  first_tasks: PlannedTask[];
  /** The last of them; absent where nothing would be run, and where nobody knows. */
  last_task?: PlannedTask;
  /** Objects that would not be run, because they are done. */
  done_before: number;
  /** Objects that patterns or their place leave out. */
  skipped: number;
  /** Objects that would be set aside at once. */
  refused: number;
  /** Why something would be run, most frequent first. */
  reasons: PlanReason[];
  image: {
    /** What the answer goes by. */
    digest?: string;
    /** True where objects hang on the image alone, and nobody has said which one is run. */
    is_missing: boolean;
    /** Different digests that workers say; the newest worker's counts. */
    said_by_workers: number;
  };
  /** Absent where nothing would be run, or the object that was asked for would not be looked at. */
  layout?: PlannedLayout;
  /** Of a job that lists its groups: how many, and how many objects that the patterns take belong to none and are left out. */
  groups?: { listed: number; objects_in_none: number };
  /** Why the job would fail before anything is run. */
  unfit?: string;
  /** About the object that was asked for. */
  why?: string[];
}
