/** What every container engine must do, real or scripted. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command, CommandExit, ContainerEngine, ContainerSpec, Mount } from '../ports/container-engine.js';
import type { ContainerEngineSubject, ContractCommands } from './container-engine-subject.js';
import { oddNames } from './odd-names.js';
import { sizeOf, until } from './signs-of-life.js';

type Way = (spec: ContainerSpec, command: Command) => Promise<CommandExit>;

const LABEL = 'longshore.contract';

/** @param encloses false for an engine without containers of their own: then what only such have is not asked of it */
export function containerEngineContract(
  name: string,
  open: () => Promise<ContainerEngineSubject>,
  encloses = true,
): void {
  describe(name, () => {
    let subject: ContainerEngineSubject;
    let engine: ContainerEngine;
    let commands: ContractCommands;
    let mark: string;
    let mounts: Mount[];
    let inputs: string;
    let outputs: string;

    const spec = (changes: Partial<ContainerSpec> = {}): ContainerSpec => ({
      image: subject.image,
      name: `longshore-contract-${mark}`,
      labels: { [LABEL]: mark },
      mounts,
      resources: { cpus: 1, memory: '32MiB', pids: 32 },
      network: 'none',
      user: subject.user ?? `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
      ...changes,
    });
    const left = () => engine.list(`${LABEL}=${mark}`);
    /** As a command finds them. */
    const inInputs = (file: string) => `${engine.pathOf(mounts[0]!)}/${file}`;
    const inOutputs = (file: string) => `${engine.pathOf(mounts[1]!)}/${file}`;

    beforeEach(async () => {
      subject = await open();
      ({ engine, commands } = subject);
      mark = randomUUID();
      inputs = join(subject.workspace, 'inputs');
      outputs = join(subject.workspace, 'outputs');
      mounts = [
        { host: inputs, container: '/job/inputs', readOnly: true },
        { host: outputs, container: '/job/outputs', readOnly: false },
      ];
      await mkdir(inputs);
      await mkdir(outputs);
      await chmod(outputs, 0o777);
    });

    afterEach(async () => {
      for (const container of await left()) await engine.remove(container);
      expect(await left()).toEqual([]);
      await subject.close();
    });

    it('says whether it encloses what it runs', () => {
      expect(engine.encloses).toBe(encloses);
    });

    describe('images', () => {
      it('says what an image is that is already here', async () => {
        const facts = await engine.ensureImage(subject.image);
        expect(facts.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
        expect(facts.sizeBytes).toBeGreaterThan(0);
        expect(await engine.ensureImage(subject.image)).toEqual(facts);
      });
    });

    if (encloses)
      describe('images of others', () => {
        it('names an image that nobody has', async () => {
          await expect(engine.ensureImage(subject.unknownImage)).rejects.toMatchObject({
            code: 'image-not-found',
            message: expect.stringContaining(subject.unknownImage),
          });
        });

        it('starts nothing from an image that is not here', async () => {
          const unknown = spec({ image: subject.unknownImage });
          await expect(engine.start(unknown)).rejects.toMatchObject({ code: 'image-not-found' });
          await expect(engine.run(unknown, { argv: commands.print('', '', 0) })).rejects.toMatchObject({
            code: 'image-not-found',
          });
          expect(await left()).toEqual([]);
        });
      });

    const ways: [string, Way][] = [
      ['exec in a long-lived container', async (given, command) => engine.exec(await engine.start(given), command)],
      [
        'exec in a warm container',
        async (given, command) => engine.exec(await engine.start({ ...given, warm: true }), command),
      ],
      ['run in a container of its own', (given, command) => engine.run(given, command)],
    ];

    describe.each(ways)('%s', (_, way) => {
      it('gives the exit code and both outputs', async () => {
        const exit = await way(spec(), { argv: commands.print('to stdout\n', 'to stderr\n', 7) });
        expect(exit).toMatchObject({ exitCode: 7, outOfMemory: false });
        expect(exit.log.split('\n').sort()).toEqual(['', 'to stderr', 'to stdout']);
        expect(exit.durationMs).toBeGreaterThanOrEqual(0);
      });

      it('gives exit code 0 and an empty log to a command that is done and says nothing', async () => {
        expect(await way(spec(), { argv: commands.print('', '', 0) })).toMatchObject({ exitCode: 0, log: '' });
      });

      it('shows the inputs and keeps the outputs', async () => {
        await writeFile(join(inputs, 'a: b.txt'), 'some content');
        const exit = await way(spec(), { argv: commands.copy(inInputs('a: b.txt'), inOutputs('made')) });
        expect(exit).toMatchObject({ exitCode: 0 });
        expect(await readFile(join(outputs, 'made'), 'utf8')).toBe('some content');
      });

      it('E11: lets nobody write to the inputs', async () => {
        await writeFile(join(inputs, 'original'), 'untouched');
        await writeFile(join(outputs, 'forged'), 'forged');
        const exit = await way(spec(), { argv: commands.copy(inOutputs('forged'), inInputs('original')) });
        expect(exit.exitCode).not.toBe(0);
        expect(await readFile(join(inputs, 'original'), 'utf8')).toBe('untouched');
      });

      it('F4: passes any name on unchanged, through no shell', async () => {
        const exit = await way(spec(), { argv: commands.printArguments(oddNames) });
        expect(exit.log.split('\0').slice(0, -1)).toEqual(oddNames);
      });

      it('passes more arguments than a URL can hold', async () => {
        const many = Array.from({ length: 5_000 }, (_, index) => `inputs/${'long-'.repeat(40)}${index}`);
        const exit = await way(spec(), { argv: commands.printArguments(many) });
        expect(exit.exitCode).toBe(0);
        expect(exit.log.split('\0').at(-2)).toBe(many.at(-1));
      });

      it('passes the environment on', async () => {
        const environment = { GREETING: 'a = "b" $HOME\nc' };
        const exit = await way(spec(), { argv: commands.printVariable('GREETING'), environment });
        expect(exit.log).toBe(environment.GREETING);
      });

      it('D12: keeps the first and the last part of a huge output', async () => {
        const { log } = await way(spec(), { argv: commands.printMany(3_000_000) });
        expect(log.length).toBeLessThan(500_000);
        expect(log).toMatch(/^first\n/);
        expect(log).toMatch(/\nlast\n$/);
        expect(log).toMatch(/\d+ bytes left out/);
      });

      it('E4: knows a program that is not there', async () => {
        await expect(way(spec(), { argv: commands.unknownProgram })).rejects.toMatchObject({
          code: 'command-not-found',
          message: expect.stringContaining(commands.unknownProgram[0] ?? ''),
        });
      });

      it('refuses an empty command', async () => {
        await expect(way(spec(), { argv: [] })).rejects.toMatchObject({ code: 'command-not-found' });
      });

      it.each([126, 127])('believes a program that ends with %i by itself', async (exitCode) => {
        const words = 'exec: "sh": executable file not found in $PATH';
        const exit = await way(spec(), { argv: commands.print('', words, exitCode) });
        expect(exit).toMatchObject({ exitCode, log: words });
      });

      it('E1: takes a command that ends with 137 by itself for no lack of memory', async () => {
        const exit = await way(spec(), { argv: commands.print('', '', 137) });
        expect(exit).toMatchObject({ exitCode: 137, outOfMemory: false });
      });

      it('E2: ends the command and its container when aborted, and throws the reason', async () => {
        const abort = new AbortController();
        const reason = new Error('the lease is lost');
        const beats = join(outputs, 'beats');
        const ending = expect(
          way(spec(), { argv: commands.beat(inOutputs('beats')), signal: abort.signal }),
        ).rejects.toBe(reason);
        await until(async () => (await sizeOf(beats)) > 0);
        abort.abort(reason);
        await ending;
        expect(await left()).toEqual([]);
        const size = await sizeOf(beats);
        await sleep(300);
        expect(await sizeOf(beats)).toBe(size);
      });

      it('throws the reason of a signal that was aborted before, and leaves no container', async () => {
        const reason = new Error('too late');
        const signal = AbortSignal.abort(reason);
        await expect(way(spec(), { argv: commands.beat(inOutputs('beats')), signal })).rejects.toBe(reason);
        expect(await left()).toEqual([]);
        expect(await sizeOf(join(outputs, 'beats'))).toBe(0);
      });

      it('refuses a memory limit that is no size', async () => {
        const resources = { cpus: 1, memory: 'plenty', pids: 32 };
        await expect(way(spec({ resources }), { argv: commands.print('', '', 0) })).rejects.toMatchObject({
          code: 'invalid-configuration',
        });
      });

      it('takes a wish for more processors than there are as all of them', async () => {
        const resources = { cpus: 10_000, memory: '32MiB', pids: 32 };
        expect(await way(spec({ resources }), { argv: commands.print('', '', 0) })).toMatchObject({ exitCode: 0 });
      });
    });

    if (encloses)
      describe.each(ways)('%s, held to its memory', (_, way) => {
        it.each([0, 137])(
          'E1: tells of a process killed for its memory, though the command ends with %i',
          async (exitCode) => {
            const exit = await way(spec(), { argv: commands.outgrowMemory(exitCode) });
            expect(exit).toMatchObject({ exitCode, outOfMemory: true });
          },
        );
      });

    describe.each([
      ['long-lived', {}],
      ['warm', { warm: true }],
    ])('%s containers', (_, kind) => {
      it('run one command after another, each with its own environment', async () => {
        const container = await engine.start(spec(kind));
        expect(container.name).toBe(spec().name);
        const argv = commands.printVariable('TURN');
        const exits = [
          await engine.exec(container, { argv, environment: { TURN: 'one' } }),
          await engine.exec(container, { argv: commands.print('', '', 3) }),
          await engine.exec(container, { argv }),
        ];
        expect(exits.map(({ exitCode, log }) => [exitCode, log])).toEqual([
          [0, 'one'],
          [3, ''],
          [0, ''],
        ]);
      });

      it('keep the outputs of many commands apart', async () => {
        const container = await engine.start(spec(kind));
        for (let turn = 0; turn < 12; turn += 1) {
          const [out, error] = [`out ${turn}\n`.repeat(turn), `error ${turn}\n`];
          const exit = await engine.exec(container, { argv: commands.print(out, error, turn) });
          expect(exit).toMatchObject({ exitCode: turn, outOfMemory: false, leftProcesses: false });
          expect(exit.log.split('\n').sort()).toEqual(`${out}${error}`.split('\n').sort());
        }
      });

      it('outlive a command that was not found', async () => {
        const container = await engine.start(spec(kind));
        await expect(engine.exec(container, { argv: commands.unknownProgram })).rejects.toThrow();
        expect(await engine.exec(container, { argv: commands.print('on', '', 0) })).toMatchObject({ log: 'on' });
      });

      it('run nothing once they are removed', async () => {
        const container = await engine.start(spec(kind));
        await engine.remove(container);
        await expect(engine.exec(container, { argv: commands.print('', '', 0) })).rejects.toMatchObject({
          code: 'engine-failed',
        });
      });

      it('do not pass a command off as failed when they are removed under it', async () => {
        const container = await engine.start(spec(kind));
        const beating = engine.exec(container, { argv: commands.beat(inOutputs('beats')) });
        const ending = expect(beating).rejects.toMatchObject({ code: 'engine-failed' });
        await until(async () => (await sizeOf(join(outputs, 'beats'))) > 0);
        await engine.remove(container);
        await ending;
      });

      it('may be removed twice, also at the same time', async () => {
        const container = await engine.start(spec(kind));
        await Promise.all([engine.remove(container), engine.remove(container)]);
        await engine.remove(container);
        expect(await left()).toEqual([]);
      });

      it('may be removed though they never were', async () => {
        await engine.remove({ id: 'f'.repeat(64) });
      });

      it('are listed by a label or by its value, with their name and all labels', async () => {
        const labels = { [LABEL]: mark, [`${LABEL}.slot`]: '2', [`${LABEL}.${mark}`]: '' };
        const { id, name } = await engine.start(spec({ ...kind, labels }));
        await engine.start(spec({ ...kind, name: `${spec().name}-other` }));
        const summary = { id, name, labels: expect.objectContaining(labels) };
        expect(await engine.list(`${LABEL}.${mark}`)).toEqual([summary]);
        expect(await left()).toHaveLength(2);
        expect(await left()).toContainEqual(summary);
        expect(await engine.list(`${LABEL}=nobody`)).toEqual([]);
      });

      it('E9: do not share a name', async () => {
        const first = await engine.start(spec(kind));
        const taken = { code: 'name-taken', message: expect.stringContaining(first.name) };
        await expect(engine.start(spec(kind))).rejects.toMatchObject(taken);
        await expect(engine.run(spec(), { argv: commands.print('', '', 0) })).rejects.toMatchObject(taken);
        expect(await left()).toMatchObject([{ id: first.id }]);
        await engine.remove(first);
        await engine.start(spec(kind));
      });
    });

    describe('containers of their own', () => {
      it('are gone when the command is done, has failed, or was not found', async () => {
        for (const argv of [commands.print('', '', 0), commands.print('', '', 1), commands.unknownProgram]) {
          await engine.run(spec(), { argv }).catch(() => undefined);
          expect(await left()).toEqual([]);
        }
      });

      it('are listed while they run', async () => {
        const abort = new AbortController();
        const ending = expect(
          engine.run(spec(), { argv: commands.beat(inOutputs('beats')), signal: abort.signal }),
        ).rejects.toThrow();
        await until(async () => (await sizeOf(join(outputs, 'beats'))) > 0);
        expect(await left()).toMatchObject([{ name: spec().name }]);
        abort.abort();
        await ending;
      });
    });
  });
}
