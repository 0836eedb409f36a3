/** The schemas of all answers, by the names they have in the description. */
import * as jobs from './answers/jobs.js';
import * as notifications from './answers/notifications.js';
import * as numbers from './answers/numbers.js';
import * as operating from './answers/operating.js';
import { explanation, problem } from './answers/shared.js';
import * as plans from './answers/plans.js';
import * as tasks from './answers/tasks.js';
import * as workers from './answers/workers.js';

export const answers = {
  Problem: problem,
  Explanation: explanation,
  Job: jobs.job,
  JobSummary: jobs.jobSummary,
  JobPage: jobs.jobPage,
  Redrive: jobs.redrive,
  Retry: jobs.retry,
  Plan: plans.plan,
  ManifestLine: jobs.manifestLine,
  Report: jobs.report,
  Task: tasks.task,
  TaskDetail: tasks.taskDetail,
  Attempt: tasks.attempt,
  Object: tasks.object,
  Output: tasks.output,
  FailureGroup: tasks.failureGroup,
  Worker: workers.worker,
  WorkerDetail: workers.workerDetail,
  Registered: workers.registered,
  Assignment: workers.assignment,
  AssignmentAnswer: workers.assignmentAnswer,
  Status: workers.status,
  HeartbeatAnswer: workers.heartbeat,
  TurnAnswer: workers.turn,
  TaskRunning: workers.taskRunning,
  Overview: numbers.overview,
  JobTypeCount: numbers.jobTypeCount,
  JobStatusCount: numbers.jobStatusCount,
  TaskStatusCount: numbers.taskStatusCount,
  TimelineEntry: numbers.timelineEntry,
  ProcessingTime: numbers.processingTime,
  JobAnalytics: numbers.jobAnalytics,
  Token: operating.token,
  CreatedToken: operating.createdToken,
  Revoked: operating.revoked,
  WhoAmI: operating.whoAmI,
  Plugin: operating.plugin,
  Health: operating.health,
  Readiness: operating.readiness,
  Invariants: operating.invariants,
  Notification: notifications.notification,
  TestNotification: notifications.testNotification,
  JobEvent: operating.jobEvent,
  TaskEvent: operating.taskEvent,
  ManyTasksEvent: operating.manyTasksEvent,
  WorkerEvent: operating.workerEvent,
  ResyncEvent: operating.resyncEvent,
  OpenApi: operating.openApi,
  JobSchema: operating.jobSchema,
} as const;

export type AnswerName = keyof typeof answers;
