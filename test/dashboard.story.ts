/** The dashboard in a real browser, on a real orchestrator with real workers: every page and every action. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobAnswer } from '@longshore/core/protocol';
import type { Page } from 'playwright-core';
import { Browser } from './support/browser.js';
import { Cluster } from './support/cluster.js';
import { DashboardPage } from './support/dashboard-page.js';
import { eventually, repository, type Process } from './support/process.js';
import { S3 } from './support/s3.js';
import { Sandbox } from './support/sandbox.js';
import { picture } from './support/screenshots.js';

const images = join(repository, 'examples', 'nuclei', 'images');
const poisonous = join(repository, 'test', 'plugins', 'misbehaving.mjs');
const markup = '<img src=x onerror="alert(1)">';
const hostileKeys = [`${markup}-poison.txt`, 'turned-\u202egnp.poison', 'bell-\u0007\u001b[31m-poison.txt'];
const hostileWorker = `<script>alert(2)</script>\u202e${markup}`;

describe('the dashboard', () => {
  let sandbox: Sandbox;
  let s3: S3;
  let cluster: Cluster;
  let browser: Browser;
  let page: Page;
  let seen: DashboardPage;
  let nuclei: JobAnswer;
  let poisoned: JobAnswer;
  let slow: JobAnswer;
  let echoWorker: Process;

  const jobNow = (id: string) => cluster.get<JobAnswer>(`/api/v1/jobs/${id}`);

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    s3 = await S3.start();
    for (const bucket of ['microscopy', 'results']) await s3.createBucket(bucket);
    for (const name of await readdir(images)) {
      await s3.put('microscopy', `plate-7/${name}`, await readFile(join(images, name)));
    }
    cluster = await Cluster.start(sandbox, {
      LONGSHORE_PLUGINS: `echo,rgo-segmentation,${poisonous}`,
      LONGSHORE_LEASE_SECONDS: '8',
      ...s3.environment,
    });
    browser = await Browser.open();
    page = await browser.page();
    seen = new DashboardPage(page, cluster.url);
    for (const key of [...hostileKeys, 'fine.txt']) await sandbox.write(`poisoned/${key}`, key);
    await sandbox.write('slow/only <b>one</b>.txt', 'one');
  });
  afterEach(() => browser.expectQuiet());
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
    await s3[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  it('says what to do while there is nothing, on every page', async () => {
    for (const [path, words] of [
      ['/', 'No job was submitted yet'],
      ['/dead-letters', 'No dead letters'],
      ['/workers', 'No worker is here'],
      ['/analytics', 'Nothing yet'],
      ['/no/such/page', 'There is no page at this address'],
      ['/jobs/no-such-job', 'There is no job no-such-job'],
    ] as const) {
      await seen.visit(path);
      await seen.text(words).waitFor();
    }
  });

  it('submits the nuclei job by a form made from the parameters of the plugin', async () => {
    await seen.visit('/');
    await page.getByRole('link', { name: 'Submit a job' }).click();
    // Needed further down; they start while others are looked at.
    cluster.startWorker('dashboard-poison', poisonous);
    echoWorker = cluster.startWorker('dashboard-echo', 'echo');
    await page.getByLabel('Plugin').selectOption('rgo-segmentation');
    await page.getByLabel('Input').fill('s3://microscopy/plate-7/');
    await page.getByLabel('Output').fill('s3://results/plate-7/');
    const split = page.getByLabel('Split');
    expect(await split.inputValue()).toBe('0.92');
    await split.fill('7');
    await seen.button('Submit the job').click();
    await page.locator('.field', { has: split }).getByRole('alert').waitFor();
    expect((await cluster.get<{ items: unknown[] }>('/api/v1/jobs')).items).toEqual([]);
    await split.fill('0.9');
    await seen.text('Patterns, batches').click();
    await page.getByLabel('Objects in a task').fill('2');
    expect(await page.locator('.command code').last().innerText()).toMatch(
      /^longshore submit --plugin rgo-segmentation --input s3:\/\/microscopy\/plate-7\/ --output \S+ --param split=0.9 --batch-size 2$/,
    );
    await page.getByLabel('Skip what is done').selectOption('none');
    const region = page.getByRole('group', { name: 'Storage of the output' }).getByLabel('Region');
    await region.fill('eu-north-1');
    await seen.sees(/^longshore submit job.yaml .* --batch-size 2 --skip none$/, /"region": "eu-north-1"/);
    await region.fill('');
    await seen.button('Try it dry').click();
    await seen.sees('24 objects in 12 tasks, 1.5 MiB', 'Task 1', 'Task 12', /^plate-7\/05040e2e959c\.png$/);
    expect((await cluster.get<{ items: unknown[] }>('/api/v1/jobs')).items).toEqual([]);
    await picture(page, 'submit');
    await seen.button('Submit the job').click();
    await page.waitForURL(/\/jobs\/[^/]+$/);
    const [job] = (await cluster.get<{ items: JobAnswer[] }>('/api/v1/jobs')).items;
    nuclei = await jobNow(job?.id ?? '');
    expect(nuclei).toMatchObject({ plugin: 'rgo-segmentation', batching: { maxObjects: 2 }, params: { split: 0.9 } });
    expect(nuclei).toMatchObject({ skip: { by: 'none' } });
    await seen.sees(/No worker for the plugin rgo-segmentation is here/);
  });

  it('follows the job to its end without being loaded again', async () => {
    await seen.sees('Live');
    await page.evaluate(() => ((window as { same?: boolean }).same = true));
    cluster.startWorker('dashboard-nuclei', 'rgo-segmentation', { LONGSHORE_SLOTS: '2' });
    await page.locator('.mark-leased').first().waitFor({ state: 'attached' });
    await page.waitForFunction(() => /[12]\d of 24 objects/.test(document.body.innerText));
    await page.locator('.columns-chart').waitFor();
    await picture(page, 'job');
    await seen.state('completed', 90_000);
    await seen.sees('24 of 24 objects', 'tasks that completed');
    expect(await page.evaluate(() => (window as { same?: boolean }).same)).toBe(true);
  });

  it('shows the tasks of a job page by page, and of one its objects, attempts, log and outputs', async () => {
    await page.getByRole('link', { name: 'Tasks 12' }).click();
    await page.getByRole('button', { name: /^completed/ }).click();
    await seen.rows(12);
    await picture(page, 'tasks');
    await page.locator('tbody tr a').first().click();
    await page.getByRole('heading', { name: /^Task/ }).waitFor();
    await seen.sees('Attempt 1', '2 objects', /exit code 0/, /\.labels\.png$/);
    const log = page.getByRole('region', { name: 'Log of attempt 1' }).or(seen.text('The container printed nothing.'));
    await log.first().waitFor();
    await picture(page, 'task');
  });

  it('saves the manifest, with a line for each object, and the report of the plugin', async () => {
    await seen.visit(`/jobs/${nuclei.id}`);
    const manifest = await seen.save(seen.button('Manifest'));
    expect(manifest).toMatchObject({ command: `longshore manifest ${nuclei.id} > manifest.jsonl` });
    expect(manifest.lines).toHaveLength(24);
    expect(JSON.parse(manifest.lines[0] ?? '')).toMatchObject({ plugin: 'rgo-segmentation', exit_code: 0 });
    const report = await seen.save(page.locator('tr', { hasText: 'counts.csv' }).getByRole('button', { name: 'Save' }));
    expect(report).toMatchObject({ command: 'aws s3 cp s3://results/plate-7/counts.csv .', name: 'counts.csv' });
    expect(report.lines).toHaveLength(25);
  });

  it('S17: shows hostile keys and logs as text, and what nobody would see in them', async () => {
    const policy = { maxAttempts: 1, retryDelaySeconds: 0 };
    poisoned = await cluster.submit({
      plugin: 'misbehaving',
      input: sandbox.path('poisoned'),
      output: sandbox.path('poisoned-out'),
      params: { how: 'poison' },
      batching: { maxObjects: 1 },
      policy,
    });
    await seen.visit(`/jobs/${poisoned.id}`);
    await seen.state('failed');
    await seen.sees('Failures by cause');
    await seen.button('Show letters').first().click();
    await seen.sees(markup, 'U+202E', 'U+0007', 'ESC');
    await page.locator('summary', { hasText: 'Last lines' }).first().click();
    await page
      .getByRole('region', { name: /^Last lines of task/ })
      .first()
      .waitFor();
    await picture(page, 'failures');
    await seen.visit('/dead-letters');
    await seen.sees('3 dead objects');
    await picture(page, 'dead-letters');
    await seen.visit(`/jobs/${poisoned.id}/dead-letters`);
    await page.getByRole('link', { name: markup }).click();
    await page.getByRole('region', { name: 'Log of attempt 1' }).getByText(markup).waitFor();
    expect(await page.locator('img, main script').count()).toBe(0);
  });

  it('H6: redrives one dead letter, a group of them, and all', async () => {
    await seen.visit(`/jobs/${poisoned.id}/dead-letters`);
    await seen.act('Redrive', 'Redrive this one', /^longshore redrive \S+ --task \S+$/, /1 object is tried again/);
    await cluster.jobWhen(poisoned.id, (job) => job.state === 'failed');
    await seen.act(
      'Redrive group',
      'Redrive this group',
      /^longshore redrive \S+ --group \S+$/,
      /objects? (is|are) tried again/,
    );
    await cluster.jobWhen(poisoned.id, (job) => job.state === 'failed');
    await seen.act('Redrive all', 'Redrive all', /^longshore redrive \S+$/, /3 objects are tried again/);
    await cluster.jobWhen(poisoned.id, (job) => job.state === 'failed');
    expect(await jobNow(poisoned.id)).toMatchObject({ objects: { dead: 3 } });
  });

  it('S17: shows who works on what, hostile names among them, and drains a worker', async () => {
    await fetch(`${cluster.url}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ hostname: hostileWorker, plugin: markup, capabilities: [markup] }),
    });
    slow = await cluster.submit({
      plugin: 'echo',
      input: sandbox.path('slow'),
      output: sandbox.path('slow-out'),
      params: { pauseSeconds: 600 },
    });
    await cluster.jobWhen(slow.id, (job) => job.tasks.leased === 1);
    await seen.visit('/workers');
    await seen.sees('<script>alert(2)</script>');
    await seen.sees('1 of 1 busy');
    await picture(page, 'workers');
    await page.locator('tbody tr', { hasText: '1 of 1 busy' }).getByRole('link').click();
    await seen.sees('only <b>one</b>.txt');
    await seen.sees('Lease ends in', 'Time limit in', /^of \S+ GiB$/, 'of all cores');
    await picture(page, 'worker');
    await seen.act('Drain', 'Drain', /^longshore drain \S+$/, /^It drains; 1 task left/);
    await seen.state('draining');
  });

  it('pauses, resumes and cancels a job', async () => {
    await seen.visit(`/jobs/${slow.id}`);
    await seen.act('Pause', 'Pause', new RegExp(`^longshore pause ${slow.id}$`), /is paused/);
    await seen.state('paused');
    await seen.act('Resume', 'Resume', /^longshore resume /, /is running/);
    await seen.state('running');
    await seen.button('Cancel').click();
    await page.keyboard.press('Escape');
    expect(await jobNow(slow.id)).toMatchObject({ state: 'running' });
    await seen.act('Cancel', 'Cancel the job', /^longshore cancel /, /is cancelled/);
    await seen.state('cancelled');
    // It was told to drain, and holds nothing any more.
    expect(await echoWorker.ended).toMatchObject({ code: 0 });
  });

  it('finds jobs by state and by what somebody types', async () => {
    await seen.visit('/');
    await seen.rows(3);
    await picture(page, 'jobs');
    await seen.button('cancelled').click();
    await seen.rows(1);
    expect(page.url()).toMatch(/state=cancelled/);
    await seen.button('all').click();
    await page.getByLabel('Search jobs').fill('SEGMENT');
    await seen.rows(1);
    await page.getByLabel('Search jobs').fill('nothing like it');
    await seen.sees('No job is like that');
  });

  it('draws numbers over all jobs', async () => {
    await seen.visit('/analytics');
    await seen.sees('Jobs submitted', 'Jobs by plugin', 'median', 'rgo-segmentation');
    await seen.button('30 days').click();
    await page.getByRole('img', { name: '3 jobs submitted in 30 days' }).waitFor();
    await picture(page, 'analytics');
  });

  it('asks every few seconds where no events come, and says so', async () => {
    const cutOff = await browser.page();
    await cutOff.route('**/api/v1/events', (route) => route.abort());
    await cutOff.goto(cluster.url);
    await cutOff.getByText(/^(Polling|Away)$/).waitFor();
    const { id } = await cluster.submit({ plugin: 'echo', input: sandbox.path('slow'), output: sandbox.path('again') });
    await cutOff.locator(`a[href="/jobs/${id}"]`).waitFor();
    await cutOff.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has no barriers, and fits a phone, in %s colours',
    async (colorScheme) => {
      const [task] = (await cluster.get<{ items: { id: string }[] }>(`/api/v1/jobs/${poisoned.id}/tasks?state=dead`))
        .items;
      const [worker] = (await cluster.get<{ items: { id: string }[] }>('/api/v1/workers')).items;
      const job = `/jobs/${poisoned.id}`;
      const pages = ['/', job, `${job}/tasks`, `${job}/dead-letters`, `/tasks/${task?.id}`, '/dead-letters'];
      const paths = [...pages, '/workers', `/workers/${worker?.id}`, '/analytics', '/submit', '/no/such/page'];
      const looked = await browser.page({ colorScheme, reducedMotion: 'reduce' });
      // The same colours stand on several of them.
      const alike = ['/', `${job}/tasks`, `${job}/dead-letters`, '/no/such/page'];
      for (const path of colorScheme === 'light' ? paths : paths.filter((each) => !alike.includes(each))) {
        const part = colorScheme === 'light' ? undefined : 'contrast';
        expect([path, await browser.obstacles(looked, cluster.url + path, part)]).toEqual([path, []]);
      }
      await looked.context().close();
    },
    60_000,
  );

  it('is used by keyboard alone', async () => {
    await seen.visit('/');
    await page.locator('tbody tr').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Search jobs');
    await page.locator('tbody tr a').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/jobs\//);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  it('S17 S35: is served under a policy that the browser enforces, and in no frame', async () => {
    const { headers } = await fetch(cluster.url, { headers: { accept: 'text/html' } });
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none';script-src 'self';.*frame-ancestors 'none'/,
    );
    const attacked = await browser.page();
    await attacked.goto(cluster.url);
    await attacked.evaluate((text) => {
      const place = document.body.appendChild(document.createElement('p'));
      place.appendChild(document.createElement('img')).src = 'https://elsewhere.invalid/x.png';
      Promise.resolve()
        .then(() => (place.innerHTML = text))
        .catch(() => undefined);
    }, markup);
    // It complains, so its silence everywhere else means something.
    const said = () => /img-src[^]*require-trusted-types-for/.exec(browser.complaints.join()) ?? undefined;
    await eventually(said, 5_000, () => `complaints in ${browser.complaints.join()}`);
    browser.complaints.splice(0);
  });
});
