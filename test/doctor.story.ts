/** Doctor on a real machine, with an orchestrator that has tokens; and completion in the shells that people use. */
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster } from './support/cluster.js';
import { longshore, repository, type Ended } from './support/process.js';
import { Sandbox } from './support/sandbox.js';

const adminToken = 'an-admin-token-of-the-story-of-doctor';
const joinToken = 'a-join-token-of-the-story-of-doctor-01';

describe('what people have who look for a fault', () => {
  let sandbox: Sandbox;
  let cluster: Cluster;
  let jobId: string;

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    const tokens = { LONGSHORE_ADMIN_TOKEN: adminToken, LONGSHORE_JOIN_TOKEN: joinToken };
    cluster = await Cluster.start(sandbox, tokens);
    await sandbox.write('in/a.txt', 'one');
    const places = { input: sandbox.path('in'), output: sandbox.path('out') };
    jobId = (await cluster.submit({ plugin: 'echo', ...places })).id;
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  const environment = () => ({ ...sandbox.environment, LONGSHORE_URL: cluster.url, LONGSHORE_TOKEN: adminToken });
  const doctor = (args: string[], more = {}) => longshore(['doctor', ...args], { ...environment(), ...more });

  it('finds a machine well that is', async () => {
    const job = ['--plugin', 'echo', '--input', sandbox.path('in'), '--output', sandbox.path('new')];
    const { code, stdout, stderr } = await doctor([...job, '--json'], { LONGSHORE_JOIN_TOKEN: joinToken });
    const { healthy, findings } = JSON.parse(stdout) as { healthy: boolean; findings: { id: string; state: string }[] };
    expect(findings.filter(({ state }) => state === 'failed')).toEqual([]);
    expect({ code, healthy, stderr }).toEqual({ code: 0, healthy: true, stderr: '' });
    expect(findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'docker-ok',
        'image-ok',
        'storage-ok',
        'orchestrator-ok',
        'token-ok',
        'join-ok',
        'clock-ok',
      ]),
    );
    expect(findings.filter(({ state }) => state === 'not asked')).toEqual([]);
    expect(await readdir(sandbox.folder)).not.toContain('new');
  });

  it('says in lines what is not, each with its remedy', async () => {
    const { code, stdout, stderr } = await doctor(['--plugin', 'ecko', '--output', '/proc/longshore'], {
      LONGSHORE_TOKEN: `${adminToken}x`,
      LONGSHORE_SLTOS: '4',
      DOCKER_HOST: `unix://${sandbox.path('no.sock')}`,
    });
    expect(code).toBe(1);
    for (const line of [
      /^failed +plugin +There is no plugin "ecko"\. .*longshore plugin list/m,
      /^failed +docker +No container engine answers at .*no\.sock.* Install Docker/m,
      /^failed +output +\/proc\/longshore: .*Give this user the right/m,
      /^failed +token +Nobody here knows this token\. .*longshore token create/m,
      /^ok +orchestrator +http:\S+ answers and is ready\./m,
      /^warning +settings +Nobody reads the variable LONGSHORE_SLTOS\. .*LONGSHORE_SLOTS/m,
      /^not asked +input +no input given$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    expect(stderr).toMatch(/^4 failed, 1 warning\.$/m);
  });

  /** Types into a shell of its own what the script says. */
  async function shell(program: string, args: string[], script: string): Promise<Ended> {
    const path = `${join(repository, 'node_modules', '.bin')}:${process.env.PATH}`;
    const child = spawn(program, [...args, '-c', script], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment(), PATH: path },
      timeout: 60_000,
    });
    const ended: Ended = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.stderr += text));
    ended.code = await new Promise<number | null>((resolve, reject) =>
      child.on('error', reject).once('close', resolve),
    );
    return ended;
  }

  it('completes in bash', async () => {
    const ended = await shell(
      'bash',
      ['--norc'],
      `source <(longshore completion bash)
      complete -p longshore
      try() { COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _longshore; echo "$*> \${COMPREPLY[*]}"; }
      try longshore pol
      try longshore run --skip = m
      try longshore run --plugin ec
      try longshore plan compose.y
      try longshore explain ''`,
    );
    expect(ended).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'complete -F _longshore longshore',
        'longshore pol> policy',
        'longshore run --skip = m> manifest',
        'longshore run --plugin ec> echo',
        'longshore plan compose.y> compose.yaml',
        `longshore explain > last ${jobId}`,
        '',
      ].join('\n'),
    });
  });

  it('completes in fish', async () => {
    const ended = await shell(
      'fish',
      ['--no-config'],
      `longshore completion fish | source
      for line in 'pol' 'run --skip=m' 'plan compose.y' 'explain '
        complete -C "longshore $line"
      end`,
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout.split('\n').map((line) => line.split('\t')[0])).toEqual([
      'policy',
      '--skip=manifest',
      'compose.yaml',
      ...[jobId, 'last'].sort(),
      '',
    ]);
  });

  it('completes in zsh, at its own prompt', async () => {
    const ended = await shell(
      'zsh',
      ['-f'],
      `zmodload zsh/zpty
      zpty -b inner env TERM=dumb PS1='%%' zsh -f -i
      zpty -w inner 'autoload -Uz compinit; compinit -u -D; source <(longshore completion zsh); print rea""dy'
      zpty -r -m inner seen '*ready*'
      try() { zpty -w -n inner "longshore $1"$'\\t'; zpty -r -m inner seen "*$2*"; print -r -- "$1: $2"; zpty -w inner $'\\C-u'; }
      try 'pol' 'icy '
      try 'run --skip=m' 'anifest '
      try 'plan compose.y' 'aml'
      try 'explain ' '${jobId}'
      zpty -d inner`,
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toBe(`pol: icy \nrun --skip=m: anifest \nplan compose.y: aml\nexplain : ${jobId}\n`);
  });
});
