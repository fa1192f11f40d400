import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Running, runProgram, startProgram } from './process.js';

let folder: string;
let file: string;
let left: Running | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-process-'));
  file = join(folder, 'program.mjs');
  await writeFile(
    file,
    `console.log('ready on 4711', process.argv.slice(2).join());
     console.error('oh', Object.keys(process.env).sort().join());
     if (process.argv[2] === 'stay') setInterval(() => {}, 1000);
     else process.exitCode = 3;`,
  );
});

afterAll(() => rm(folder, { recursive: true }));

test('a line is found whether it was said before or after somebody waited', async () => {
  const running = startProgram(['stay'], { file });
  left = running;
  expect((await running.waitForLine(/ready on (\d+)/))[1]).toBe('4711');
  expect((await running.waitForLine(/ready on (\d+)/g))[1]).toBe('4711');
});

test('a program ends with the test that started it', async () => {
  expect(await left?.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a line that never comes names the program, its end and its last words', async () => {
  const running = startProgram(['go'], { file });
  await expect(running.waitForLine(/never/)).rejects.toThrow(
    /program\.mjs go never said .*exit code 3.*ready on/s,
  );
});

test('a program sees only the environment it is given', async () => {
  const { code, stdout, stderr } = await runProgram(['go'], { file, env: { PORT: '1' } });
  expect({ code, stdout }).toEqual({ code: 3, stdout: 'ready on 4711 go' });
  expect(stderr.replace('oh ', '').split(',')).toEqual(expect.arrayContaining(['PATH', 'PORT']));
  expect(stderr).not.toContain('VITEST');
});
