/** Every way in which a session ends: at once, on both sides, with a word to its user, and with nothing of the account’s secret left anywhere. */

import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecordingFull, type SessionEnd } from '../../../src/broker/gate.js';
import { cuttable } from '../../support/cuttable.js';
import { GRANT, LOGIN, openStage, type Stage } from '../../support/ssh-bastion.js';
import { signInTo } from '../../support/ssh-client.js';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ keepaliveMs: 250 });
});
afterEach(async () => {
  const everything = [...stage.log, ...stage.gate.recorders.map(({ output }) => output)].join('');
  expect(everything).not.toContain(stage.password);
  await stage.close();
});

/** Resolves when nothing runs as the login at the target any more. */
async function nothingRuns(): Promise<void> {
  await stage.sshd.run(['sh', '-c', `while pgrep -u ${LOGIN} >/dev/null; do :; done`]);
}

test.each<[SessionEnd, string]>([
  ['grant-over', 'the grant is over'],
  ['ended-by-lead', 'a lead ended this session'],
])('a session that is cut (%s) while it prints ends within a second, on both sides', async (why, words) => {
  const ssh = stage.startSsh(['-tt', 'yes a-line-of-output']);
  await ssh.until(() => ssh.received > 1_000_000, 'output');
  const from = performance.now();
  stage.gate.cut(why);
  const recorded = stage.gate.last.output.length;
  const { code, stderr, stdout } = await ssh.finished;
  await stage.over(1);
  expect(performance.now() - from).toBeLessThan(1_000);
  expect(code).toBe(255);
  expect(stderr).toContain(`Keyturn: this access has ended (${words}).`);
  expect(stage.gate.ends).toEqual([why]);
  // Not a byte later: all that came had been recorded before the cut, and nothing has been since.
  expect(stage.gate.last.output.length).toBe(recorded);
  expect(stdout.length).toBeLessThanOrEqual(recorded);
  expect(stage.gate.last.isClosed).toBe(true);
  await nothingRuns();
});

test('nothing that is typed after a cut reaches the target', async () => {
  const file = `/home/${LOGIN}/typed`;
  const ssh = stage.startSsh([
    `echo ready; while read -r line; do echo "$line" >> ${file}; echo "had $line"; done`,
  ]);
  await ssh.shows(/ready/);
  ssh.type('before\n');
  await ssh.shows(/had before/);
  stage.gate.cut('grant-over');
  ssh.type('after\n');
  await ssh.finished;
  await nothingRuns();
  expect(await stage.sshd.run(['cat', file])).toBe('before\n');
});

test('a cut ends every channel of a connection, and what only waits too', async () => {
  const options = ['ControlMaster=yes', `ControlPath=${stage.programs.folder}/master`];
  const master = stage.startSsh(['echo up; sleep 1000'], { options });
  await master.shows(/up/);
  const second = stage.programs.start('ssh', ['x@127.0.0.1', 'echo here; sleep 1000'], {
    options: options.slice(1),
  });
  await second.shows(/here/);
  stage.gate.cut('ended-by-lead');
  expect((await second.finished).stderr).toContain('a lead ended this session');
  expect((await master.finished).code).toBe(255);
  await nothingRuns();
});

test('a grant that ended while its holder was let in gives nothing', async () => {
  const watch = stage.gate.watch.bind(stage.gate);
  stage.gate.watch = (session, cut) => {
    cut('grant-over');
    return watch(session, cut);
  };
  const { code, stdout } = await stage.ssh(['id']);
  expect([code, stdout.toString()]).toEqual([255, '']);
  await stage.over(1);
  expect(stage.gate.ends).toEqual(['grant-over']);
});

test('a target with another host key gets nothing, and the leads are told which it showed', async () => {
  const wrong = `SHA256:${'A'.repeat(43)}`;
  stage.gate.way = { ...stage.gate.way, hostKey: wrong };
  const { code, stdout, stderr } = await stage.ssh(['id']);
  expect([code, stdout.toString()]).toEqual([255, '']);
  expect(stderr).toContain('Keyturn: this access has ended (the target is not the one it should be');
  await stage.over(1);
  expect(stage.gate.ends).toEqual(['wrong-host-key']);
  expect(stage.gate.shownKeys[0]).toContain(stage.sshd.hostKey);
  expect(await stage.sshd.log()).not.toMatch(/Accepted|Failed password/);
});

test('a target that shows its RSA key is known by that one too', async () => {
  stage.gate.way = { ...stage.gate.way, hostKey: stage.sshd.rsaHostKey };
  expect((await stage.ssh(['id', '-un'])).stdout.toString()).toBe(`${LOGIN}\n`);
});

test.each([
  ['refuses the secret', { secret: 'not-the-password' }],
  ['can’t be reached', { port: 1 }],
  ['has no secret in the vault', { secret: '' }],
])('a user is told where the target %s', async (_what, change) => {
  stage.gate.way = { ...stage.gate.way, ...change };
  const { code, stderr } = await stage.ssh(['-tt', 'id']);
  expect(code).toBe(255);
  expect(stderr).toContain(
    'Keyturn: this access has ended (the target did not let Keyturn in; tell a lead).',
  );
  await stage.over(1);
  expect(stage.gate.ends).toEqual(['target-refused']);
});

test('a target that goes away ends the session, and does not look as if the command had worked', async () => {
  const line = await cuttable(stage.sshd);
  stage.gate.way = { ...stage.gate.way, port: line.port };
  const ssh = stage.startSsh(['echo up; sleep 1000']);
  await ssh.shows(/up/);
  line.takeDown('drops');
  const { code, stderr } = await ssh.finished;
  expect(code).toBe(255);
  expect(stderr).toContain('the target closed the connection');
  await stage.over(1);
  expect(stage.gate.ends).toEqual(['target-left']);
  await line.close();
});

test('a session that can’t be recorded any more ends at once', async () => {
  const ssh = stage.startSsh(['yes']);
  await ssh.until(() => ssh.received > 100_000, 'output');
  stage.gate.last.fail(new Error('no space left'));
  const { code, stderr } = await ssh.finished;
  expect(code).toBe(255);
  expect(stderr).toContain('it can not be recorded');
  await stage.over(1);
  expect(stage.gate.ends).toEqual(['not-recordable']);
});

test('what the recorder refuses is not shown', async () => {
  const ssh = stage.startSsh(['echo first; read x; echo second']);
  await ssh.shows(/first/);
  const { channels } = stage.gate.last;
  Object.defineProperty(channels[0]?.output, 'push', {
    value() {
      throw new Error('no space left');
    },
  });
  ssh.type('\n');
  const { stdout, code } = await ssh.finished;
  expect([code, stdout.toString()]).toEqual([255, 'first\n']);
  await stage.over(1);
  expect(stage.gate.ends).toEqual(['not-recordable']);
});

test('a session that has shown as much as is recorded of one ends, and says how to move what is large', async () => {
  const ssh = stage.startSsh(['echo first; read x; echo second']);
  await ssh.shows(/first/);
  const { channels } = stage.gate.last;
  Object.defineProperty(channels[0]?.output, 'push', {
    value() {
      throw new RecordingFull('as much as is recorded');
    },
  });
  ssh.type('\n');
  const { stdout, stderr, code } = await ssh.finished;
  expect([code, stdout.toString()]).toEqual([255, 'first\n']);
  expect(stderr).toContain(
    'Keyturn: this access has ended (it has shown as much as is recorded of one; for large files use scp or sftp).',
  );
  await stage.over(1);
  expect(stage.gate.ends).toEqual(['recording-full']);
});

test('a session in which nothing happens ends, and one in which something does goes on', async () => {
  stage.gate.way = { ...stage.gate.way, idleSeconds: 1 };
  const busy = stage.startSsh(['for i in 1 2 3 4 5 6 7; do sleep 0.3; echo $i; done']);
  expect((await busy.finished).code).toBe(0);
  const from = performance.now();
  const { code, stderr } = await stage.startSsh(['sleep 1000']).finished;
  expect(performance.now() - from).toBeGreaterThan(1_000);
  expect([code, stderr]).toEqual([255, expect.stringContaining('nothing came or went for too long')]);
  await stage.over(2);
  expect(stage.gate.ends).toEqual(['left', 'idle']);
});

test('a client that is gone without a word is noticed', async () => {
  const ssh = stage.startSsh(['-tt', 'echo up; sleep 1000']);
  await ssh.shows(/up/);
  ssh.child.kill('SIGSTOP');
  await stage.over(1);
  expect(stage.gate.ends).toEqual(['left']);
  await nothingRuns();
  ssh.child.kill('SIGKILL');
});

test('a client that sends ahead more than it may is cut off before it fills the memory', async () => {
  const door = { host: '127.0.0.1', port: stage.bastion.port };
  const client = await signInTo(door, GRANT, { password: stage.gate.ticket(GRANT) });
  client?.on('error', () => {});
  client?.exec('sleep 1000', (_error, stream) => {
    Object.assign((stream as unknown as { outgoing: object }).outgoing, { window: 1e9 });
    stream.on('error', () => {});
    // So that the window is never used up exactly, where ssh2 would drop the rest.
    for (let count = 0; count < 2_000; count += 1) stream.write(Buffer.alloc(30_001));
  });
  expect(await stage.lastEnd()).toBe('left');
  expect(stage.log.join('')).toContain('sent too much ahead');
});

test('a recording that can’t be closed makes its session one that was not recorded', async () => {
  const ssh = stage.startSsh(['echo up; sleep 1000']);
  await ssh.shows(/up/);
  stage.gate.last.close = async () => {
    throw new Error('no space left');
  };
  stage.gate.cut('grant-over');
  expect(await stage.lastEnd()).toBe('not-recordable');
});

test('a user who leaves leaves nothing running, and that is on record once', async () => {
  const ssh = stage.startSsh(['-tt', 'echo up; sleep 1000']);
  await ssh.shows(/up/);
  ssh.child.kill('SIGKILL');
  await stage.over(1);
  await nothingRuns();
  expect(stage.gate.ends).toEqual(['left']);
  expect(stage.gate.watched.size).toBe(0);
});

test('a bastion that stops ends its sessions with a word, and lets nobody in', async () => {
  const sessions = [stage.startSsh(['echo up; sleep 1000']), stage.startSsh(['echo up; sleep 1000'])];
  for (const each of sessions) await each.shows(/up/);
  await stage.bastion.stop();
  expect(stage.gate.ends).toEqual(['bastion-stopped', 'bastion-stopped']);
  for (const each of sessions) expect((await each.finished).stderr).toContain('Keyturn is stopping');
  expect((await stage.ssh(['id'])).stderr).toContain('Connection refused');
});

test('the account’s secret is nowhere but at the target: not in what the client got, the log or the recording', async () => {
  const { programs } = stage;
  const all = [
    await stage.ssh(['env; id; cat /proc/self/cmdline'], { options: ['LogLevel=DEBUG3'] }),
    await stage.ssh(['-tt', 'exit 1'], { options: ['LogLevel=DEBUG3'] }),
    await programs.run('ssh', ['x@127.0.0.1', 'id'], { ticket: 'wrong', options: ['LogLevel=DEBUG3'] }),
  ];
  stage.gate.way = { ...stage.gate.way, username: 'nobody-there' };
  all.push(await stage.ssh(['id']));
  const received = all.map(({ stdout, stderr }) => stdout.toString() + stderr).join('');
  expect(received).toContain(LOGIN);
  expect(received).not.toContain(stage.password);
  expect(received).not.toContain(Buffer.from(stage.password).toString('base64'));
});
