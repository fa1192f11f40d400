/** The played server as somebody at a terminal finds it, over real SSH. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type ssh2 from 'ssh2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wordsOf } from '../../src/playground/machine/commands.js';
import { type Machine, startMachine } from '../../src/playground/machine/index.js';
import { signInTo } from '../support/ssh-client.js';

describe('the played server', () => {
  let folder: string;
  let machine: Machine;
  let client: ssh2.Client;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyturn-machine-'));
    machine = await startMachine({ name: 'web1', file: join(folder, 'web1.json'), host: '127.0.0.1' });
    await machine.passwords.set('root', 'the password of root');
    await machine.passwords.set('deploy', 'the password of deploy');
  });
  afterAll(async () => {
    await machine?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const enter = async (login: string) => {
    const password = `the password of ${login}`;
    const signedIn = await signInTo({ host: '127.0.0.1', port: machine.port }, login, { password });
    if (!signedIn) throw new Error(`${login} was not let in`);
    client = signedIn;
  };
  beforeEach(async () => {
    await enter('root');
    return () => void client.end();
  });

  const command = (line: string) =>
    new Promise<{ code: number; out: string; said: string }>((resolve, reject) => {
      client.exec(line, (error, stream) => {
        if (error) return reject(error);
        let [out, said, code] = ['', '', -1];
        stream.on('data', (part: Buffer) => (out += part));
        stream.stderr.on('data', (part: Buffer) => (said += part));
        stream.on('exit', (value: number) => (code = value));
        stream.on('close', () => resolve({ code, out, said }));
      });
    });

  /** A terminal, with all that it has shown. */
  const sit = async () => {
    const stream = (await promisify(
      client.shell.bind(client) as (
        options: object,
        done: (e: unknown, s?: ssh2.ClientChannel) => void,
      ) => void,
    )({
      term: 'xterm',
      cols: 80,
      rows: 24,
    })) as unknown as ssh2.ClientChannel;
    let shown = '';
    const ended = new Promise<number>((resolve) => stream.on('exit', resolve));
    stream.on('data', (part: Buffer) => (shown += part.toString('utf8')));
    return {
      ended,
      type: (text: string) => void stream.write(text),
      shows: (what: RegExp) => expect.poll(() => shown).toMatch(what),
      forget: () => (shown = ''),
    };
  };

  test('says at once, and in its help, that it is played', async () => {
    const seat = await sit();
    await seat.shows(/This machine is played by Keyturn[\s\S]*root@web1:~# $/);
    seat.type('help\r');
    await seat.shows(/This machine is played: it knows these/);
    seat.type('exit 3\r');
    expect(await seat.ended).toBe(3);
  });

  test('runs one command and gives its exit code, with lines as a program reads them', async () => {
    expect(await command('whoami')).toEqual({ code: 0, out: 'root\n', said: '' });
    expect(await command('env LANG=C hostname')).toEqual({ code: 0, out: 'web1\n', said: '' });
    expect((await command('cat /no/such')).said).toBe('cat: /no/such: No such file or directory\n');
    expect((await command('cat /no/such')).code).toBe(1);
    expect((await command('exit 7')).code).toBe(7);
    expect(await command('nmap 10.0.0.0/8')).toMatchObject({ code: 127, out: '' });
  });

  test.each([
    'cat /etc/passwd | head',
    'ls > /tmp/x',
    'echo $HOME',
    'true && false',
    'echo `id`',
    "echo 'open",
  ])('says plainly that it doesn’t know this: %s', async (line) => {
    const { code, said } = await command(line);
    expect(said).toContain('no pipes, redirections and variables');
    expect(code).toBe(2);
  });

  test('shows files, the ends of files, disks and the service', async () => {
    expect((await command('ls /var/www/shop')).out).toBe('index.html  prices.csv\n');
    expect((await command('tail -n 2 /var/www/shop/prices.csv')).out).toBe('brush,4.50\nmirror,12.00\n');
    expect((await command('df -h')).out).toContain('82% /');
    expect((await command('systemctl status nginx')).out).toContain('active (running)');
    expect((await command('systemctl restart nginx')).code).toBe(0);
  });

  test('goes on until Ctrl-C, and then asks again; Ctrl-D leaves', async () => {
    const seat = await sit();
    await seat.shows(/# $/);
    seat.type('ping db1\r');
    await seat.shows(/icmp_seq=2/);
    seat.type('\u0003');
    await seat.shows(/\^C[\s\S]*packets transmitted[\s\S]*# $/);
    seat.forget();
    seat.type('tail -f /var/log/nginx/access.log\r');
    await seat.shows(/(?:GET[^\n]*\n[^G]*){11}/);
    seat.type('\u0003');
    await seat.shows(/# $/);
    seat.type('\u0004');
    await seat.ended;
  });

  test('lets one correct what is typed, take it back, and have it again', async () => {
    const seat = await sit();
    await seat.shows(/# $/);
    seat.type('whoa\u007fami\r');
    await seat.shows(/whoami: command|command not found|root\r\n/);
    seat.forget();
    seat.type('rubbish\u0015hostname\r');
    await seat.shows(/\r\nweb1\r\n/);
    seat.forget();
    seat.type('\u001b[A\r');
    await seat.shows(/hostname\r\nweb1\r\n/);
    seat.forget();
    seat.type('cd /var/www\rpwd\r');
    await seat.shows(/root@web1:\/var\/www# pwd\r\n\/var\/www\r\n/);
  });

  test('lets whoever isn’t root change what is theirs, and read nothing of root’s', async () => {
    client.end();
    await enter('deploy');
    expect((await command('touch /etc/mine')).said).toBe('touch: /etc/mine: Permission denied\n');
    expect((await command('cat /root/todo.txt')).said).toBe('cat: /root/todo.txt: Permission denied\n');
    expect((await command('touch /home/deploy/mine')).code).toBe(0);
    expect((await command('systemctl restart nginx')).said).toContain('Access denied');
    expect((await command('rm mine')).code).toBe(0);
  });

  test('takes and gives files by SFTP, within the rights of the login', async () => {
    const open = promisify(client.sftp.bind(client)) as unknown as () => Promise<ssh2.SFTPWrapper>;
    const sftp = await open();
    const done = (act: (back: (error?: Error | null) => void) => void) =>
      new Promise<void>((resolve, reject) => act((error) => (error ? reject(error) : resolve())));
    const content = Buffer.alloc(300_000, 'a line of a backup\n');
    await done((back) => sftp.writeFile('/tmp/backup.sql', content, back));
    const read = await new Promise((resolve, reject) =>
      sftp.readFile('/tmp/backup.sql', (error, data) => (error ? reject(error) : resolve(data))),
    );
    expect(content.equals(read as Buffer)).toBe(true);
    expect((await command('ls /tmp')).out).toBe('backup.sql\n');
    await done((back) => sftp.mkdir('/tmp/old', back));
    await done((back) => sftp.rename('/tmp/backup.sql', '/tmp/old/backup.sql', back));
    const names = await new Promise((resolve, reject) =>
      sftp.readdir('/tmp/old', (error, list) =>
        error ? reject(error) : resolve(list.map((one) => one.filename)),
      ),
    );
    expect(names).toEqual(['backup.sql']);
    await expect(done((back) => sftp.rmdir('/tmp/old', back))).rejects.toThrow('Directory not empty');
    await done((back) => sftp.unlink('/tmp/old/backup.sql', back));
    await expect(done((back) => sftp.unlink('/tmp/old/backup.sql', back))).rejects.toThrow('No such file');
    const handle = await new Promise<Buffer>((resolve, reject) =>
      sftp.open('/tmp/large', 'w', (error, opened) => (error ? reject(error) : resolve(opened))),
    );
    const beyond = 17 * 1024 * 1024;
    await expect(done((back) => sftp.write(handle, content, 0, 10, beyond, back))).rejects.toThrow(
      'No space left',
    );
    await done((back) => sftp.close(handle, back));
    await done((back) => sftp.unlink('/tmp/large', back));
    client.end();
    await enter('deploy');
    const theirs = await (
      promisify(client.sftp.bind(client)) as unknown as () => Promise<ssh2.SFTPWrapper>
    )();
    await expect(done((back) => theirs.writeFile('/etc/motd', 'mine', back))).rejects.toThrow(
      'Permission denied',
    );
    await expect(done((back) => theirs.readFile('/root/todo.txt', (error) => back(error)))).rejects.toThrow(
      'Permission denied',
    );
  });
});

test.each([
  ['ls -l  /var', ['ls', '-l', '/var']],
  [`echo 'a b' "c d"e`, ['echo', 'a b', 'c de']],
  ['', []],
  ['echo "$HOME"', null],
  ['a; b', null],
])('reads the words of %s', (line, words) => {
  expect(wordsOf(line)).toEqual(words);
});
