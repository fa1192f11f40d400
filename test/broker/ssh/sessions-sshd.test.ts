/** What a session through the bastion is like: as if the target were reached directly. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { GRANT, openStage, type Stage } from '../../support/ssh-bastion.js';
import { signInTo } from '../../support/ssh-client.js';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('a command gets its input, and gives its output, errors and exit code', async () => {
  const script = 'cat; echo wrong >&2; exit 7';
  const { code, stdout, stderr } = await stage.ssh([script], { input: 'typed' });
  expect([code, stdout.toString()]).toEqual([7, 'typed']);
  expect(stderr).toMatch(/wrong\n$/);
  const [kept] = stage.gate.last.channels;
  expect(kept).toMatchObject({ kind: 'exec', command: script, exit: 7 });
});

test('a command that is killed does not look as if it had worked', async () => {
  const { code } = await stage.ssh(['kill -KILL $$']);
  expect(code).toBe(255);
  expect(stage.gate.last.channels[0]?.exit).toBe(null);
});

test('signals reach the program, and the one that killed it comes back', async () => {
  const door = { host: '127.0.0.1', port: stage.bastion.port };
  const client = await signInTo(door, GRANT, { password: stage.gate.ticket(GRANT) });
  const run = (command: string, signal: string) =>
    new Promise<unknown[]>((resolve, reject) => {
      client?.exec(command, (error, stream) => {
        if (error) return reject(error);
        let end: unknown[] = [];
        stream.on('data', () => stream.signal(signal));
        stream.on('exit', (...what: unknown[]) => {
          end = what;
        });
        stream.on('close', () => resolve(end));
        stream.stderr.resume();
      });
    });
  expect(await run('trap "exit 5" USR1; echo up; while :; do sleep 0.05; done', 'USR1')).toEqual([5]);
  expect(await run('echo up; exec sleep 1000', 'KILL')).toEqual([null, 'SIGKILL', expect.anything(), '']);
  client?.end();
});

test('output and errors in great amounts at once arrive whole, each in its order', async () => {
  const count = 40_000;
  const { code, stdout, stderr } = await stage.ssh([
    `i=0; while [ $i -lt ${count / 100} ]; do seq $((i*100+1)) $((i*100+100)); seq $((i*100+1)) $((i*100+100)) >&2; i=$((i+1)); done`,
  ]);
  const all = Array.from({ length: count }, (_, index) => `${index + 1}\n`).join('');
  expect(code).toBe(0);
  expect(stdout.toString() === all).toBe(true);
  expect(stderr.endsWith(`\n${all}`)).toBe(true);
});

test('a user who reads slowly, and errors beside, still get every byte once', async () => {
  const megabytes = 24;
  const ssh = stage.startSsh([
    `head -c ${megabytes}000000 /dev/zero | tr '\\0' a; seq 100000 >&2; head -c ${megabytes}000000 /dev/zero | tr '\\0' b`,
  ]);
  // At the first byte, not when somebody looks: a test that is kept waiting would have read it all by then.
  ssh.child.stdout.once('data', () => {
    ssh.child.stdout.pause();
    ssh.child.stderr.pause();
  });
  await ssh.until(() => ssh.received > 0, 'output');
  const { last } = stage.gate;
  // While it doesn’t read, somebody else gets as much through, and of this one next to nothing waits in memory.
  const other = await stage.ssh([`head -c ${megabytes}000000 /dev/zero`]);
  expect(other.stdout.length).toBe(megabytes * 1_000_000);
  expect(last.output.length).toBeLessThan(16_000_000);
  ssh.child.stdout.resume();
  ssh.child.stderr.resume();
  const { code, stdout, stderr } = await ssh.finished;
  expect(code).toBe(0);
  expect(
    stdout
      .toString()
      .replace(/^a+/, (a) => `${a.length} `)
      .replace(/b+$/, (b) => `${b.length}`),
  ).toBe(`${megabytes}000000 ${megabytes}000000`);
  expect(
    stderr.endsWith(`\n${Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join('')}`),
  ).toBe(true);
});

test('a terminal is one: its size follows the window, and Ctrl-C reaches the program', async () => {
  const { programs, gate } = stage;
  const ssh = ['ssh', '-F', 'none', ...programs.options({ ticket: '' }), `${GRANT}@127.0.0.1`];
  const inTerminal = `stty rows 30 cols 100; echo "tty=$(tty)"; exec ${ssh.join(' ')}`;
  const running = programs.spawn('script', ['-qfec', inTerminal, '/dev/null'], {
    ticket: gate.ticket(GRANT),
    env: { LC_TIME: 'C.UTF-8', TERM: 'xterm', SHELL: '/bin/sh' },
  });
  const tty = (await running.shows(/tty=(\S+)/))[1] ?? '';
  await running.shows(/\$ $/);
  running.type('echo "$TERM $(tty | cut -c1-8) $(stty size)"\r');
  await running.shows(/xterm \/dev\/pts 30 100/);
  await programs.spawn('stty', ['-F', tty, 'rows', '50', 'cols', '132'], {}).finished;
  running.type('until [ "$(stty size)" = "50 132" ]; do :; done; stty size | tr 0-9 a-j\r');
  await running.shows(/fa bdc/);
  expect(gate.last.channels[0]?.resized).toContain('132x50');
  running.type('(echo begins | tr a-z A-Z; exec sleep 1000)\r');
  await running.shows(/BEGINS/);
  running.type('\x03');
  running.type('echo "it was $?"\r');
  await running.shows(/it was 130/);
  running.type('exit 3\r');
  expect((await running.finished).code).toBe(3);
  expect(gate.last.channels[0]).toMatchObject({ kind: 'shell', size: '100x30', exit: 3 });
  expect(gate.last.output).toContain('it was 130');
});

test('what is typed and not shown is not recorded', async () => {
  const ssh = stage.startSsh([
    '-tt',
    'stty -echo; echo ready; read secret; echo "got $(printf %s "$secret" | wc -c)"',
  ]);
  await ssh.shows(/ready/);
  ssh.type('hunter22-typed\r');
  await ssh.finished;
  expect(stage.gate.last.output).toMatch(/ready\r\ngot 14\r\n/);
  expect(stage.gate.last.output).not.toContain('hunter22');
});

test('only the language of the user’s environment goes along', async () => {
  const sent = { LANG: 'C.UTF-8', LC_NAME: 'C', SECRET_OF_MINE: 'x', PATH_OF_MINE: 'y' };
  const { stdout } = await stage.ssh(['env'], {
    options: ['SendEnv=LANG LC_* SECRET_OF_MINE', 'SetEnv=LD_PRELOAD=/x'],
    env: sent,
  });
  const seen = stdout.toString().split('\n');
  expect(seen).toEqual(expect.arrayContaining(['LANG=C.UTF-8', 'LC_NAME=C']));
  expect(seen.join('\n')).not.toMatch(/SECRET_OF_MINE|LD_PRELOAD/);
});

test('many commands share one connection, at once and after another', async () => {
  const options = ['ControlMaster=auto', 'ControlPath=%d/master', 'ControlPersist=yes'].map((option) =>
    option.replace('%d', stage.programs.folder),
  );
  const before = stage.gate.recorders.length;
  const master = stage.startSsh(['-N'], { options: ['ControlMaster=yes', ...options.slice(1, 2)] });
  await stage.programs.spawn('sh', ['-c', `until [ -S ${stage.programs.folder}/master ]; do :; done`], {})
    .finished;
  const echo = (index: number) =>
    stage.programs.run('ssh', [`${GRANT}@127.0.0.1`, 'echo', String(index)], {
      options: options.slice(1, 2),
    });
  for (let round = 0; round < 3; round += 1) {
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => echo(index)));
    expect(answers.map(({ stdout }) => stdout.toString())).toEqual(
      Array.from({ length: 6 }, (_, index) => `${index}\n`),
    );
  }
  expect(stage.gate.recorders.length).toBe(before + 1);
  expect(stage.gate.last.channels).toHaveLength(18);
  master.child.kill('SIGTERM');
  await master.finished;
});

test('twenty people work at the same time, and nobody sees another’s output', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => stage.ssh([`for i in 1 2 3 4 5; do echo ${index}; done`])),
  );
  expect(answers.map(({ stdout }) => stdout.toString())).toEqual(
    Array.from({ length: 20 }, (_, index) => `${index}\n`.repeat(5)),
  );
});

test('a command with bytes that are no text is not run rather than run as another one', async () => {
  const { code, stderr } = await stage.programs.spawn(
    'bash',
    [
      '-c',
      `exec ssh -F none ${stage.programs.options({ ticket: '' }).join(' ')} ${GRANT}@127.0.0.1 $'touch /tmp/\\xff'`,
    ],
    { ticket: stage.gate.ticket(GRANT), input: '' },
  ).finished;
  expect(code).toBe(255);
  expect(stderr).toContain('Keyturn: this command is not valid UTF-8, so it was not run.');
});

test('an agent and X11 are never forwarded, and no port is unless the account allows it', async () => {
  const { code, stdout, stderr } = await stage.ssh(['-A', '-X', 'env'], {
    options: ['ForwardAgent=yes', 'ForwardX11=yes', 'ExitOnForwardFailure=no'],
    env: { DISPLAY: '127.0.0.1:99', XAUTHORITY: '/nonexistent' },
  });
  expect(code).toBe(0);
  expect(stdout.toString()).not.toMatch(/SSH_AUTH_SOCK|DISPLAY/);
  expect(stderr).toContain('X11 forwarding request failed');
  const reached = await stage.ssh(['-W', `127.0.0.1:${stage.sshd.port}`]);
  expect(reached.stdout.toString()).toBe('');
  expect(reached.stderr).toContain('administratively prohibited');
  const listening = await stage.ssh(['-N', '-R', '0:127.0.0.1:1', '-o', 'ExitOnForwardFailure=yes']);
  expect(listening.stderr).toContain('remote port forwarding failed');
  const { host, port } = { host: '127.0.0.1', port: stage.bastion.port };
  const client = await signInTo({ host, port }, GRANT, { password: stage.gate.ticket(GRANT) });
  for (const ask of ['openssh_forwardOutStreamLocal', 'openssh_forwardInStreamLocal'] as const) {
    const error = await new Promise<unknown>((resolve) => client?.[ask]('/run/x.sock', resolve));
    expect(error).toBeInstanceOf(Error);
  }
  client?.end();
});

test('where the account allows it, ports are forwarded both ways', async () => {
  const { gate, sshd } = stage;
  const way = gate.way;
  gate.way = { ...way, portForwarding: true };
  const through = await stage.ssh(['-W', `127.0.0.1:${sshd.port}`], { input: 'SSH-2.0-nobody\r\n' });
  expect(through.stdout.toString()).toMatch(/^SSH-2.0-OpenSSH/);
  const nowhere = await stage.ssh(['-W', '127.0.0.1:1']);
  expect(nowhere.stderr).toMatch(/open failed/);
  const back = stage.startSsh(['-N', '-R', `0:127.0.0.1:${sshd.port}`]);
  const [, port = ''] = await back.shows(/Allocated port (\d+)/);
  const { stdout } = await stage.ssh([`exec 3<>/dev/tcp/127.0.0.1/${port}; head -n 1 <&3`]);
  expect(stdout.toString()).toMatch(/^SSH-2.0-OpenSSH/);
  back.child.kill();
  gate.way = way;
});
