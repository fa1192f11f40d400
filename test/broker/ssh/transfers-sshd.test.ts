/** Files through the bastion: whole, and on record by name and size. */

import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GRANT, openStage, type Stage } from '../../support/ssh-bastion.js';

let stage: Stage;
const HOME = '/home/brkadm';
const BIG = 200 * 1024 * 1024;

beforeAll(async () => {
  stage = await openStage();
  await stage.programs.spawn('mkdir', ['back'], {}).finished;
});
afterAll(() => stage.close());

const sum = (data: Buffer) => createHash('sha256').update(data).digest('hex');
const place = (path: string) => `${GRANT}@127.0.0.1:${path}`;
const scp = (args: readonly string[]) =>
  stage.programs.run('scp', ['-q', ...args], { ticket: stage.gate.ticket(GRANT) });
const sftp = (commands: readonly string[]) =>
  stage.programs.run('sftp', [`${GRANT}@127.0.0.1`], {
    ticket: stage.gate.ticket(GRANT),
    input: `${commands.join('\n')}\n`,
  });

async function sumThere(path: string): Promise<string> {
  return (await stage.sshd.run(['sha256sum', path])).split(' ')[0] ?? '';
}

test.each([
  ['scp', []],
  ['scp -O', ['-O']],
])('%s takes files there and back', async (_name, flags) => {
  const content = randomBytes(3_000_001);
  await writeFile(join(stage.programs.folder, 'data.bin'), content);
  expect((await scp([...flags, 'data.bin', place('up.bin')])).code).toBe(0);
  expect(await sumThere(`${HOME}/up.bin`)).toBe(sum(content));
  expect(stage.gate.last.files).toEqual([expect.stringMatching(/^write (\S*\/)?(up|data)\.bin 3000001$/)]);
  expect((await scp([...flags, place('up.bin'), 'back/down.bin'])).code).toBe(0);
  expect(sum(await readFile(join(stage.programs.folder, 'back/down.bin')))).toBe(sum(content));
  expect(stage.gate.last.files).toEqual([expect.stringMatching(/^read (\S*\/)?up\.bin 3000001$/)]);
  // What is in a file is nobody’s business.
  expect(stage.gate.last.output).toBe('');
});

test.each([
  ['scp', []],
  ['scp -O', ['-O']],
])('%s takes whole folders, empty files and odd names', async (_name, flags) => {
  const folder = join(stage.programs.folder, 'tree');
  await mkdir(join(folder, 'in side'), { recursive: true });
  await writeFile(join(folder, 'empty'), '');
  await writeFile(join(folder, 'in side', 'naïve;name'), 'abc');
  const to = `tree${flags.length}`;
  expect((await scp([...flags, '-rp', 'tree', place(to)])).code).toBe(0);
  expect(await stage.sshd.run(['cat', `${HOME}/${to}/in side/naïve;name`])).toBe('abc');
  expect(stage.gate.last.files.join('\n')).toMatch(/in side\/naïve;name 3$/m);
  expect(stage.gate.last.files.join('\n')).toMatch(/empty 0$/m);
  expect((await scp([...flags, '-r', place(to), 'back'])).code).toBe(0);
  expect(await readFile(join(stage.programs.folder, `back/${to}/in side/naïve;name`), 'utf8')).toBe('abc');
});

test.each([[[]], [['-O']]])('what scp %s can’t do is said, with its exit code', async (flags) => {
  const { code, stderr } = await scp([...flags, place('/nowhere/at-all'), 'back/x']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/No such file/);
  expect(stage.gate.last.files).toEqual([]);
});

test('everything that sftp does to files is on record', async () => {
  await writeFile(join(stage.programs.folder, 'a.txt'), 'hello');
  const { code } = await sftp([
    ...['mkdir d', 'put a.txt d/one', 'rename d/one d/two', 'get d/two back/two', 'ls -l d'],
    ...[
      'symlink two d/three',
      'ln d/two d/four',
      'chmod 600 d/two',
      'rm d/three',
      'rm d/four',
      'rm d/two',
      'rmdir d',
    ],
    '-rm no-such-file',
  ]);
  expect(code).toBe(0);
  expect(stage.gate.last.channels[0]?.kind).toBe('sftp');
  expect(stage.gate.last.files.map((line) => line.replaceAll(`${HOME}/`, ''))).toEqual([
    ...['mkdir d', 'write d/one 5', 'rename d/one d/two', 'read d/two 5'],
    ...[
      'link d/three two',
      'link d/four d/two',
      'chmod d/two 0600',
      'remove d/three',
      'remove d/four',
      'remove d/two',
      'rmdir d',
    ],
  ]);
});

test('a transfer that is broken off is on record as far as it came', async () => {
  await stage.sshd.run(['sh', '-c', `head -c 50000000 /dev/urandom > ${HOME}/long`]);
  const running = stage.programs.start('sftp', ['-l', '8000', `${place('long')}`, 'back/long'], {
    ticket: stage.gate.ticket(GRANT),
    input: '',
  });
  await stage.programs.spawn('sh', ['-c', 'until [ -s back/long ]; do :; done'], {}).finished;
  running.child.kill('SIGKILL');
  expect(await stage.lastEnd()).toBe('left');
  const [line = ''] = stage.gate.last.files;
  expect(line).toMatch(/^read \S*long \d+$/);
  expect(Number(line.split(' ').at(-1))).toBeLessThan(50_000_000);
});

test.each([
  ['scp', []],
  ['scp -O', ['-O']],
])(
  '200 MB go there and back by %s, byte for byte, and memory does not grow with them',
  async (_name, flags) => {
    const { folder } = stage.programs;
    await stage.programs.spawn('sh', ['-c', `head -c ${BIG} /dev/urandom > big`], {}).finished;
    const here = await stage.programs.spawn('sha256sum', ['big'], {}).finished;
    const [expected = ''] = here.stdout.toString().split(' ');
    let most = 0;
    const before = process.memoryUsage();
    const look = setInterval(() => {
      const { heapUsed, external } = process.memoryUsage();
      most = Math.max(most, heapUsed + external);
    }, 20);
    try {
      expect((await scp([...flags, 'big', place('big')])).code).toBe(0);
      expect(await sumThere(`${HOME}/big`)).toBe(expected);
      expect((await scp([...flags, place('big'), 'back/big'])).code).toBe(0);
    } finally {
      clearInterval(look);
    }
    const back = await stage.programs.spawn('sha256sum', [join(folder, 'back/big')], {}).finished;
    expect(back.stdout.toString().split(' ')[0]).toBe(expected);
    expect(stage.gate.last.files).toEqual([expect.stringMatching(new RegExp(` ${BIG}$`))]);
    expect(most - before.heapUsed - before.external).toBeLessThan(100 * 1024 * 1024);
  },
  60_000,
);

test('200 MB of output come whole', async () => {
  const { code, stdout } = await stage.ssh([`head -c ${BIG} /dev/zero; echo end`]);
  expect(code).toBe(0);
  expect(stdout.length).toBe(BIG + 4);
  expect(stdout.subarray(-4).toString()).toBe('end\n');
}, 60_000);

test('what only pretends to be scp or SFTP does not pass unrecorded', async () => {
  const shown = await stage.ssh(['scp -f /dev/null; echo more']);
  expect(stage.gate.last.output).toContain('more');
  expect(shown.stdout.toString()).toContain('more');
  const { code, stderr } = await stage.ssh(['-s', 'sftp'], { input: 'not SFTP at all' });
  expect(code).toBe(255);
  expect(stderr).toContain('Keyturn: this access has ended (it can not be recorded).');
  expect(await stage.lastEnd()).toBe('not-recordable');
});

test('no other subsystem is opened', async () => {
  expect((await stage.ssh(['-s', 'netconf'])).stderr).toContain('subsystem request failed');
});
