/** The addresses of the API; each is also the name under which its answer is kept. */
import { query, segment } from '../words/address.js';

interface Page {
  after?: string | undefined;
}

export const paths = {
  jobs: (page: Page & { search?: string; state?: string }) => `/jobs${query({ limit: 25, ...page })}`,
  job: (id: string) => `/jobs/${segment(id)}`,
  jobAnalytics: (id: string) => `/jobs/${segment(id)}/analytics`,
  jobExplain: (id: string) => `/jobs/${segment(id)}/explain`,
  jobManifest: (id: string) => `/jobs/${segment(id)}/manifest`,
  jobReports: (id: string, page: Page = {}) => `/jobs/${segment(id)}/reports${query({ limit: 25, ...page })}`,
  jobReport: (id: string, name: string) => `/jobs/${segment(id)}/reports/${segment(name)}`,
  failures: (id: string, page: Page & { limit?: number } = {}) =>
    `/jobs/${segment(id)}/failures${query({ limit: 25, ...page })}`,
  deadLetters: (id: string, page: Page & { group?: string; limit?: number }) =>
    `/jobs/${segment(id)}/dead-letters${query({ limit: 25, ...page })}`,
  tasks: (id: string, page: Page & { state?: string }) => `/jobs/${segment(id)}/tasks${query({ limit: 50, ...page })}`,
  task: (id: string) => `/tasks/${segment(id)}`,
  taskExplain: (id: string) => `/tasks/${segment(id)}/explain`,
  taskObjects: (id: string, page: Page) => `/tasks/${segment(id)}/objects${query({ limit: 50, ...page })}`,
  taskOutputs: (id: string, page: Page) => `/tasks/${segment(id)}/outputs${query({ limit: 50, ...page })}`,
  attempt: (id: string, number: number) => `/tasks/${segment(id)}/attempts/${number}`,
  workers: (page: Page & { state?: string }) => `/workers${query({ limit: 50, ...page })}`,
  worker: (id: string) => `/workers/${segment(id)}`,
  notifications: (page: Page & { state?: string }) => `/notifications${query({ limit: 50, ...page })}`,
  notificationTest: () => '/notifications/test',
  plugins: () => `/plugins${query({ limit: 100 })}`,
  analytics: (what: string, days?: number) => `/analytics/${what}${query({ days })}`,
};
