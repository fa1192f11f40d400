/** Connect, and work: from the button in chat through the bastion to a real server, with the programs that people have. */

import { createHash } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type Brokered,
  BY_KEY,
  OPS,
  openBrokered,
  sessionsOf,
  TUNNEL,
  withServer,
} from '../support/brokered.js';
import { played, shown, visitSessions } from '../support/recorded.js';
import { connects, returns, ticketIn, trailOf } from '../support/sessions.js';
import type { Running } from '../support/ssh-program.js';
import {
  everythingSaid,
  everythingStored,
  leaks,
  passwordOf,
  reads,
  replaceSecret,
} from '../support/world.js';

const BIG = 200 * 1024 * 1024;
const SECRET = passwordOf('acme', 'web1-ops');

describe('Connect', () => {
  let at: Brokered;
  beforeAll(async () => {
    at = await openBrokered();
    for (const name of ['Tess', 'Maya', 'Lena']) await at.world.person(name).hears('help');
  }, 120_000);
  afterAll(() => at.close());

  /** What a test that failed has left behind is no other's. */
  afterEach(async () => {
    const held = await at.world.rows<{ id: string; holder: string }>(
      `select g.id, p.spec->>'name' as holder from keyturn.grants g join keyturn.people p on p.id = g.holder where g.state = 'active'`,
    );
    for (const { id, holder } of held)
      await at.world.person(holder.split(' ')[0] ?? '').types(`return ${id}`);
  });

  const tess = () => at.world.person('Tess');
  /** The session of this grant that began last is over, and that is on record. */
  const over = async (grant: string, count = 1) => {
    const ended = async () => (await sessionsOf(at.world, grant)).filter(({ state }) => state === 'ended');
    await expect.poll(ended, { timeout: 10_000 }).toHaveLength(count);
    return (await ended()).at(-1) as { id: string; why: string; hash: string };
  };
  const watched = async (session: string, channel = 1) => {
    const page = await visitSessions(at.world, 'Lena');
    const { cast, verdict } = await played(page, session, channel);
    return { text: shown(cast), verdict };
  };

  test('shows a line that works when it is pasted: the fingerprint is the card’s, the ticket is the password, and then one is there', async () => {
    const grant = await at.takes(tess());
    const answer = await connects(tess(), grant);
    const line = /ssh -p \d+ G-[0-9A-Z]{6}@127\.0\.0\.1/.exec(answer)?.[0] as string;
    const { fingerprint } = at.world.app.broker as { fingerprint: string };
    expect(answer).toContain(fingerprint);
    // As pasted, but that nothing of this machine's own is read or written.
    const fresh = line.replace('ssh ', 'ssh -F none -o UserKnownHostsFile=%d/unknown ');
    const terminal = at.programs.spawn('script', ['-qfec', fresh, '/dev/null'], {
      env: { SSH_ASKPASS_REQUIRE: 'never', TERM: 'xterm', SHELL: '/bin/sh' },
    });
    await terminal.shows(/key fingerprint is (SHA256:\S+?)\.?\s/);
    expect(terminal.text).toContain(fingerprint);
    // Whoever pastes what the card says has OpenSSH compare the two.
    await terminal.shows(/\(yes\/no\/\[fingerprint\]\)\? $/);
    terminal.type(`${fingerprint}\r`);
    await terminal.shows(/password: $/);
    terminal.type(`${ticketIn(answer)}\r`);
    await terminal.shows(/ops@\S+:~\$ $/);
    terminal.type('whoami; stty -echo; echo so far\r');
    await terminal.shows(/ops\r\nso far\r\n/);
    expect(await tess().hears('mine')).toContain('1 session open since');
    terminal.type('exit 4\r');
    expect((await terminal.finished).code).toBe(4);
    const { id, why } = await over(grant);
    expect(why).toBe('left');
    const recorded = await watched(id);
    expect(recorded.verdict).toBe('matches');
    expect(recorded.text).toContain('ops\r\nso far\r\n');
    await returns(tess(), grant);
  });

  test('gives commands their input and errors, and back comes their own exit code', async () => {
    const grant = await at.takes(tess());
    const { code, stdout, stderr } = await at.run(tess(), grant, ['cat; echo wrong >&2; exit 7'], {
      input: 'typed',
    });
    expect([code, stdout.toString()]).toEqual([7, 'typed']);
    expect(stderr).toMatch(/wrong\n$/);
    const { id, hash } = await over(grant);
    const page = await visitSessions(at.world, 'Lena');
    expect((await page.posts('open', { session: id })).body.channels).toMatchObject([
      { kind: 'exec', command: 'cat; echo wrong >&2; exit 7', exitCode: 7 },
    ]);
    const ended = (await trailOf(at.world, grant)).find(({ action }) => action === 'session.ended');
    expect(ended).toMatchObject({ session: id, recording: hash });
    await returns(tess(), grant);
  });

  test('moves 200 MB by scp and files by sftp, and of both the names and sizes are on record', async () => {
    const grant = await at.takes(tess());
    const place = (path: string) => `${grant}@127.0.0.1:${path}`;
    const { programs } = at;
    await programs.spawn('sh', ['-c', `head -c ${BIG} /dev/urandom > big`], {}).finished;
    const sum = async (path: string) =>
      (await programs.spawn('sha256sum', [path], {}).finished).stdout.toString().split(' ')[0];
    const before = await sum('big');
    const up = await programs.run('scp', ['-q', 'big', place('big')], {
      ticket: await at.ticket(tess(), grant),
    });
    expect(up.code, up.stderr).toBe(0);
    expect((await at.sshd.run(['sha256sum', '/home/ops/big'])).split(' ')[0]).toBe(before);
    const down = await programs.run('scp', ['-q', place('big'), 'back'], {
      ticket: await at.ticket(tess(), grant),
    });
    expect(down.code, down.stderr).toBe(0);
    expect(await sum('back')).toBe(before);
    await programs.run('sftp', [`${grant}@127.0.0.1`], {
      ticket: await at.ticket(tess(), grant),
      input: 'mkdir d\nrename big d/large\nrm d/large\nrmdir d\n',
    });
    await over(grant, 3);
    const files: string[] = [];
    for (const { id } of await sessionsOf(at.world, grant)) files.push((await labels(id)).join('\n'));
    expect(files[0]).toMatch(new RegExp(`^write (/home/ops/)?big ${BIG} bytes$`));
    expect(files[1]).toMatch(new RegExp(`^read (/home/ops/)?big ${BIG} bytes$`));
    expect(files[2]?.replaceAll('/home/ops/', '')).toBe(
      'mkdir d\nrename big → d/large\nremove d/large\nrmdir d',
    );
    await returns(tess(), grant);
  }, 120_000);

  const labels = async (session: string): Promise<string[]> => {
    const page = await visitSessions(at.world, 'Lena');
    const { cast } = await played(page, session);
    return cast
      .split('\n')
      .flatMap((line) => (line.startsWith('[') ? [JSON.parse(line)] : []))
      .flatMap(([, code, data]) => (code === 'm' ? [data] : []));
  };

  test('what comes faster than it can be recorded waits for it: all of it arrives, and all of it is on record', async () => {
    const grant = await at.takes(tess());
    const { code, stdout } = await at.run(tess(), grant, ['seq 4000000']);
    expect(code).toBe(0);
    const { id, why } = await over(grant);
    expect(why).toBe('left');
    const recorded = await watched(id);
    const hash = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
    expect(stdout.length).toBe(30_888_896);
    expect(hash(recorded.text)).toBe(hash(stdout));
    expect(recorded.verdict).toBe('matches');
    await returns(tess(), grant);
  }, 120_000);

  test('serves twenty sessions of one grant at once, each its own; the lead’s Revoke ends them all within two seconds', async () => {
    const grant = await at.takes(tess());
    const running: Running[] = [];
    for (let n = 0; n < 20; n++) running.push(await begins(grant, [`echo "begun ${n}"; exec cat`], /begun/));
    for (const [n, one] of running.entries()) one.type(`only ${n}\n`);
    await Promise.all(running.map((one, n) => one.shows(new RegExp(`^begun ${n}\nonly ${n}\n$`))));
    expect(await tess().hears('mine')).toContain('20 sessions open');
    await at.world.person('Lena').types(`revoke ${grant} wrong server`);
    const revoked = await committed(grant);
    const ended = await Promise.all(running.map(({ finished }) => finished));
    expect(performance.now() - revoked).toBeLessThan(2_000);
    for (const { code, stderr } of ended) {
      expect(code).toBe(255);
      expect(stderr).toContain('Keyturn: this access has ended (the grant is over).');
    }
    await tess().receives('20 open sessions were cut.', grant);
    await over(grant, 20);
    expect(await at.sshd.run(['sh', '-c', 'pgrep -u ops || true'])).toBe('');
  }, 120_000);

  /** The next press of Connect would end a ticket that isn’t used yet. */
  const begins = async (grant: string, args: readonly string[], says: RegExp) => {
    const running = await at.start(tess(), grant, args);
    await running.shows(says);
    return running;
  };

  /** When it was seen that the grant is over. */
  const committed = async (grant: string) => {
    const over = () =>
      at.world.rows(`select 1 from keyturn.grants where id = $1 and state = 'ended'`, [grant]);
    await expect.poll(over, { timeout: 10_000, interval: 20 }).toHaveLength(1);
    return performance.now();
  };

  test('nothing goes on while output streams in both directions: no byte comes or arrives two seconds after the revoke', async () => {
    const grant = await at.takes(tess());
    const down = await begins(grant, ['yes this goes on and on'], /on and on/);
    const up = await begins(grant, ['echo begun; cat > received; sync'], /begun/);
    const feed = setInterval(() => up.type('more and more\n'.repeat(1000)), 20);
    await Promise.all([
      down.until(() => down.received > 1_000_000, 'output'),
      expect.poll(() => sizeThere(), { timeout: 10_000 }).toBeGreaterThan(100_000),
    ]);
    await at.world.person('Lena').types(`revoke ${grant} wrong server`);
    const revoked = await committed(grant);
    const ends = await Promise.all([down.finished, up.finished]);
    clearInterval(feed);
    expect(performance.now() - revoked).toBeLessThan(2_000);
    for (const { code } of ends) expect(code).toBe(255);
    await over(grant, 2);
    const then = await sizeThere();
    expect(await at.sshd.run(['sh', '-c', 'pgrep -u ops || true'])).toBe('');
    expect(await sizeThere()).toBe(then);
  }, 60_000);

  const sizeThere = async () =>
    Number(await at.sshd.run(['sh', '-c', 'stat -c %s /home/ops/received 2>/dev/null || echo 0']));

  test('is followed by a lead as it happens, who ends it; coming back takes a new press of Connect', async () => {
    const grant = await at.takes(tess());
    const session = await at.start(tess(), grant, ['echo here I am; exec cat']);
    await session.shows(/here I am/);
    const [row] = await sessionsOf(at.world, grant);
    const page = await visitSessions(at.world, 'Lena');
    const parts = page.follows('play', { session: row?.id, channel: 1 });
    await parts.until((text) => text.includes('here I am'));
    session.type('and still here\n');
    await parts.until((text) => text.includes('and still here'));
    expect((await page.posts('end', { session: row?.id })).status).toBe(200);
    const { code, stderr } = await session.finished;
    expect(code).toBe(255);
    expect(stderr).toContain('Keyturn: this access has ended (a lead ended this session).');
    await parts.until((text) => text.includes('"verdict":"matches"'));
    expect((await at.run(tess(), grant, ['echo back again'])).stdout.toString()).toBe('back again\n');
    await returns(tess(), grant);
  });

  test('refuses alike a ticket that was used, somebody else’s, a late one, one with a flipped bit, and one of a grant that is over', async () => {
    const grant = await at.takes(tess());
    const others = await at.takes(at.world.person('Maya'));
    const tries = async (ticket: string, as = grant) => {
      const { code, stdout, stderr } = await at.programs.run('ssh', [`${as}@127.0.0.1`, 'id'], { ticket });
      expect([code, stdout.toString()]).toEqual([255, '']);
      return stderr.replaceAll(as, '<grant>');
    };
    const used = await at.ticket(tess(), grant);
    expect((await at.programs.run('ssh', [`${grant}@127.0.0.1`, 'true'], { ticket: used })).code).toBe(0);
    const said = [await tries(used)];
    said.push(await tries(await at.ticket(at.world.person('Maya'), others)));
    const fresh = await at.ticket(tess(), grant);
    said.push(await tries(`${fresh.slice(0, -1)}${fresh.endsWith('0') ? '1' : '0'}`));
    said.push(await tries(fresh, others));
    const late = await at.ticket(tess(), grant);
    await at.world.wait(601);
    said.push(await tries(late));
    const unused = await at.ticket(tess(), grant);
    await returns(tess(), grant);
    said.push(await tries(unused));
    expect([...new Set(said)]).toEqual([expect.stringContaining('<grant>@127.0.0.1: Permission denied')]);
    await returns(at.world.person('Maya'), others);
  }, 60_000);

  test('signs in at the server with a private key where that is what the vault holds', async () => {
    const { private: pem, public: line } = ssh2.utils.generateKeyPairSync('ed25519');
    await at.sshd.addUser('backup-ops', 'nobody-knows-this-one');
    await at.sshd.run(
      [
        'sh',
        '-c',
        'd=/home/backup-ops/.ssh; mkdir $d; cat > $d/authorized_keys; chown -R backup-ops $d; chmod 700 $d',
      ],
      `${line}\n`,
    );
    await replaceSecret(at.world.app, 'acme', 'web1-key', pem);
    const grant = await at.takes(tess(), BY_KEY);
    expect((await at.run(tess(), grant, ['id -un'])).stdout.toString()).toBe('backup-ops\n');
    await returns(tess(), grant);
    expect(leaks(await everythingStored(at.world.database), pem.split('\n')[2] as string)).toEqual([]);
  });

  test('forwards ports where the account allows it, and an agent, X11 and all other ports never', async () => {
    const service = createServer((_req, res) => res.end('the shop’s own page'));
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const { port } = service.address() as AddressInfo;
    const ask = `GET / HTTP/1.0\r\n\r\n`;
    const through = async (account: string) => {
      const grant = await at.takes(tess(), account);
      const ticket = await at.ticket(tess(), grant);
      const ran = at.programs.start('ssh', ['-W', `127.0.0.1:${port}`, `${grant}@127.0.0.1`], { ticket });
      ran.type(ask);
      const got = await Promise.race([ran.finished, ran.shows(/own page/).then(() => null)]);
      ran.child.kill();
      await ran.finished;
      await returns(tess(), grant);
      return got;
    };
    expect(await through(TUNNEL)).toBeNull();
    expect(await through(OPS)).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('administratively prohibited'),
    });
    service.close();
    const grant = await at.takes(tess());
    const { stdout, stderr } = await at.run(tess(), grant, ['echo "agent:$SSH_AUTH_SOCK display:$DISPLAY"'], {
      options: ['ForwardAgent=yes', 'ForwardX11=yes', 'ForwardX11Trusted=yes'],
      env: { DISPLAY: ':7', SSH_AUTH_SOCK: '/nowhere' },
    });
    expect(stdout.toString()).toBe('agent: display:\n');
    expect(stderr).not.toContain('Permission denied');
    await returns(tess(), grant);
  });

  test('ends where what it shows can’t be kept any more, and says so', async () => {
    const grant = await at.takes(tess());
    const session = await begins(grant, ['echo begun; exec cat'], /begun/);
    await at.world.rows('alter table keyturn.recording_pieces rename to recording_pieces_away');
    try {
      session.type('nobody will ever see this again\n');
      const { code, stderr } = await session.finished;
      expect(code).toBe(255);
      expect(stderr).toContain('Keyturn: this access has ended (it can not be recorded).');
      expect((await over(grant)).why).toBe('not-recordable');
    } finally {
      await at.world.rows('alter table keyturn.recording_pieces_away rename to recording_pieces');
    }
    await returns(tess(), grant);
  });

  test('sends nothing to a server that shows another host key, says so, and the leads hear of it', async () => {
    const grant = await at.takes(tess());
    const before = (await at.sshd.log()).match(/Accepted|Failed/g)?.length;
    await at.world.reconfigure(withServer({ ...at.sshd, hostKey: `SHA256:${'B'.repeat(43)}` }));
    const { code, stderr } = await at.run(tess(), grant, ['id']);
    expect(code).toBe(255);
    expect(stderr).toContain(
      'Keyturn: this access has ended (the target is not the one it should be, and nothing was sent to it; the leads know).',
    );
    const alarm = reads(await at.world.person('Lena').receives('Stop: a target isn’t the one', 'acme-web1'));
    expect(alarm).toContain(at.sshd.hostKey);
    expect((await at.sshd.log()).match(/Accepted|Failed/g)?.length).toBe(before);
    expect((await over(grant)).why).toBe('wrong-host-key');
    await at.world.reconfigure(withServer(at.sshd));
    await returns(tess(), grant);
  });

  test('never shows the password: not to the client that listens to every word, not in chat, the database or a recording', async () => {
    const grant = await at.takes(tess());
    const capture = join(at.programs.folder, 'capture');
    const { stderr, stdout } = await at.run(tess(), grant, ['-vvv', 'env; cat /proc/self/environ; set'], {});
    await appendFile(capture, `${stderr}${stdout}`);
    const { id } = await over(grant);
    expect(leaks(`${stderr}${stdout.toString('latin1')}`, SECRET)).toEqual([]);
    expect(leaks(await everythingStored(at.world.database), SECRET)).toEqual([]);
    expect(leaks(everythingSaid(at.world.slack), SECRET)).toEqual([]);
    expect(leaks((await watched(id)).text, SECRET)).toEqual([]);
    await returns(tess(), grant);
    const end = reads(await tess().receives('Your access has ended', grant));
    expect(end).toContain('The password was never shown, so there is nothing to change.');
  });
});
