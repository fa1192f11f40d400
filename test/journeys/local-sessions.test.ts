/** Sessions at the page of local mode: in the page's own terminal, and in whatever the newcomer has. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp } from '../../src/app.js';
import { createLog } from '../../src/config/logging.js';
import { fingerprintOf } from '../../src/connectors/ssh/keys.js';
import { type Local, startLocal } from '../../src/playground/local.js';
import { DESK, HAS_BROWSER, launch, PHONE, shot } from '../support/browser.js';
import { Newcomer } from '../support/newcomer.js';
import { freePort } from '../support/postgres-server.js';
import { HAS_SSH, SshPrograms } from '../support/ssh-program.js';

const SESSION_CUT_MS = 2_000;

describe.skipIf(!HAS_BROWSER)('a newcomer’s sessions in local mode', () => {
  let browser: Browser;
  let local: Local;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyturn-local-'));
    browser = await launch();
    local = await startLocal({
      ...{ folder, port: await freePort(), pagePort: 0, sshPort: await freePort() },
      ...{ log: createLog('silent'), start: startApp },
    });
  });
  afterAll(async () => {
    await browser?.close();
    await local?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function newcomer(size: '1280' | '390'): Promise<Newcomer> {
    const context = await browser.newContext(size === '390' ? PHONE : DESK);
    const someone = new Newcomer(context, await context.newPage(), size);
    await someone.page.goto(local.url);
    return someone;
  }

  /** The holder asks, a lead approves with their phone, and the holder has it. */
  async function isLent(someone: Newcomer, line: string, holder: string, lead: string): Promise<void> {
    const reason = line.split(' ').slice(2).join(' ');
    await someone.is(holder);
    await someone.types(`/access ${line}`);
    await someone.reads(reason);
    await someone.is(lead);
    await someone.reads(reason);
    await someone
      .button(/^Approve$/)
      .last()
      .click();
    await someone.approvesOnPhone(await someone.numberInChat());
    await someone.reads('Your approval is recorded.');
    await someone.is(holder);
    await someone.reads(/Yours until/);
  }

  /** Presses Connect, approves on the phone, and gives what the newest card says. */
  async function connects(someone: Newcomer): Promise<{ line: string; ticket: string; hostKey: string }> {
    const cards = someone.page.getByText('Paste this into a terminal');
    const opened = someone.page.getByText(/The way is open for ten minutes/);
    const [before, openedBefore] = [await cards.count(), await opened.count()];
    await someone.button('Connect').last().click();
    await cards.nth(before).waitFor();
    await shot(someone.page, `session-${someone.size}-card`);
    await someone.approvesOnPhone(await someone.numberInChat());
    await opened.nth(openedBefore).waitFor();
    const text = await someone.page.locator('body').innerText();
    const newest = (what: RegExp) => [...text.matchAll(what)].at(-1)?.[0] ?? '';
    return {
      line: newest(/ssh -p \d+ G-\w+@[\d.]+/g),
      ticket: newest(/(?:\w{5}-){4}\w{6}/g),
      hostKey: newest(/SHA256:[\w+/]{43}/g),
    };
  }

  const terminalOf = (someone: Newcomer) => {
    const region = someone.page.getByRole('region', { name: 'Terminal' });
    const shown = async () =>
      (await region.locator('.xterm-rows').innerText()).replaceAll('\u00a0', ' ').replace(/\n+$/, '');
    return {
      region,
      shown,
      reads: (what: RegExp) => expect.poll(shown, { timeout: 15_000, interval: 25 }).toMatch(what),
      types: async (line: string, before?: string) => {
        await region.locator('.xterm-helper-textarea').focus();
        if (before) await someone.page.keyboard.press(before);
        await someone.page.keyboard.type(`${line}\n`);
      },
    };
  };

  test('Tess is led to root on web1 in the page’s terminal; when she hands it back, what runs there is cut and says so', async () => {
    const someone = await newcomer('1280');
    await isLent(someone, 'acme/web1-root 30m the disk fills up', 'Tess Tran', 'Lena Falk');
    await connects(someone);
    await someone.button('Try it in this page’s terminal').last().click();
    const terminal = terminalOf(someone);
    await terminal.reads(/Its host key is the one on the card: SHA256:/);
    await terminal.reads(/This machine is played by Keyturn[\s\S]*root@web1:~# *$/);
    await shot(someone.page, 'session-1280-in');
    await terminal.types('df -h');
    await terminal.reads(/\/dev\/vda1 +40G +31G/);
    await terminal.types('ping db1');
    await terminal.reads(/icmp_seq=3/);
    const pressed = performance.now();
    await someone.button('Return early').last().click();
    await terminal.reads(/Keyturn: this access has ended \(the grant is over\)\./);
    expect(performance.now() - pressed).toBeLessThan(SESSION_CUT_MS);
    await terminal.reads(/Connection to 127\.0\.0\.1 closed\.\s+you@laptop:~\$ *$/);
    await shot(someone.page, 'session-1280-cut');
    await terminal.types('', 'ArrowUp');
    await terminal.reads(/Permission denied, please try again\./);
    await someone.page.getByRole('button', { name: 'Ctrl-C' }).click();
    await terminal.reads(/Permission denied \(publickey,password\)\.\s+you@laptop:~\$ *$/);
    expect(await someone.seesSideways()).toBe(0);
    expect(someone.faults).toEqual([]);
    await someone.context.close();
  }, 120_000);

  test('on a phone the terminal fits: Sana types the line and the ticket herself, once she has compared the host key', async () => {
    const someone = await newcomer('390');
    await isLent(someone, 'acme/web1-root 30m the certificate ends soon', 'Sana Idris', 'Omar Haddad');
    const { line, ticket, hostKey } = await connects(someone);
    expect(hostKey).toBe(local.app.broker?.fingerprint);
    await someone.button(/^Terminal$/).click();
    const terminal = terminalOf(someone);
    await terminal.reads(/This terminal plays your own computer/);
    await terminal.types('ssh -p 22 root@192.0.2.7');
    await terminal.reads(/reaches only\s+127\.0\.0\.1 port \d+, Keyturn’s bastion/);
    await terminal.types(line);
    await terminal.reads(/Continue connecting/);
    await shot(someone.page, 'session-390-host-key');
    expect((await terminal.shown()).replace(/\s/g, '')).toContain(hostKey);
    await terminal.types('yes');
    await terminal.reads(/'s\s+password: *$/);
    await terminal.types(ticket);
    await terminal.reads(/root@web1:~# *$/);
    await terminal.types('systemctl status nginx');
    await terminal.reads(/Active: active/);
    await shot(someone.page, 'session-390-in');
    await terminal.types('exit');
    await terminal.reads(/you@laptop:~\$ *$/);
    await someone.button('Return early').last().click();
    await someone.reads(/Your access has ended/);
    expect(await someone.seesSideways()).toBe(0);
    expect(someone.faults).toEqual([]);
    await someone.context.close();
  }, 120_000);

  test.skipIf(!HAS_SSH)(
    'the pasted line works with a real ssh, and with its sftp, until the access is over',
    async () => {
      const someone = await newcomer('1280');
      await isLent(someone, 'acme/web1-root 30m the backup is old', 'Sana Idris', 'Lena Falk');
      const card = await connects(someone);
      const [program = '', ...words] = card.line.split(' ');
      const programs = await SshPrograms.with(0, 'unused');
      const mine = [
        ...['-F', 'none', '-o', `UserKnownHostsFile=${programs.folder}/seen`],
        ...['-o', 'StrictHostKeyChecking=accept-new', '-o', 'PreferredAuthentications=password'],
        ...['-o', `ControlPath=${programs.folder}/shared`],
      ];
      const session = programs.spawn(program, [...mine, '-M', '-tt', ...words], { ticket: card.ticket });
      await session.shows(/root@web1:~# $/);
      const seen = await readFile(join(programs.folder, 'seen'), 'utf8');
      expect(fingerprintOf(Buffer.from(seen.trim().split(' ')[2] ?? '', 'base64'))).toBe(card.hostKey);
      session.type('cat /etc/hostname\r');
      await session.shows(/\r\nweb1\r\n/);

      const code = await programs.spawn(program, [...mine, ...words, 'cat /no/such'], { input: '' }).finished;
      expect(code).toMatchObject({ code: 1, stderr: expect.stringContaining('No such file') });
      await writeFile(join(programs.folder, 'dump.sql'), 'insert into floss values (1);\n');
      const batch =
        'put dump.sql /var/backups/dump.sql\nget /var/backups/dump.sql back.sql\nls /var/backups\n';
      const moved = await programs.spawn('sftp', [...mine, '-b', '-', words.at(-1) ?? ''], { input: batch })
        .finished;
      expect(moved).toMatchObject({ code: 0 });
      expect(await readFile(join(programs.folder, 'back.sql'), 'utf8')).toBe(
        'insert into floss values (1);\n',
      );

      session.type('tail -f /var/log/nginx/access.log\r');
      await session.shows(/(?:GET[^\n]*\n[^G]*){12}/);
      await someone.button('Return early').last().click();
      await session.shows(/this access has ended \(the grant is over\)/);
      expect((await session.finished).code).toBe(255);
      await programs.close();
      await someone.context.close();
    },
    120_000,
  );

  test('Tess is lent a role of a real database: the line works in the terminal and elsewhere, and afterwards nowhere', async () => {
    const someone = await newcomer('1280');
    await isLent(someone, 'beacon/books-db 30m an invoice is wrong', 'Tess Tran', 'Omar Haddad');
    await someone.reads(/psql "host=/);
    const card = await someone.page.locator('body').innerText();
    const [, port = '', user = ''] =
      /psql "host=127\.0\.0\.1 port=(\d+) dbname=books user=(kt-\w+)"/.exec(card) ?? [];
    const reveal = await someone.pressesForPage('Reveal', 'Open the reveal page');
    await reveal.getByRole('button').first().click();
    const number = await reveal
      .getByText(/^\d{3,6}$/)
      .first()
      .innerText();
    await someone.page.bringToFront();
    await someone.approvesOnPhone(number);
    await reveal.bringToFront();
    await reveal.getByRole('button', { name: /Show the password/ }).click();
    const password = (await reveal.locator('p.secret').textContent()) ?? '';
    await someone.page.bringToFront();

    await someone.button('Try it in this page’s terminal').last().click();
    const terminal = terminalOf(someone);
    await terminal.reads(/Password for user kt-\w+: *$/);
    await terminal.types(password);
    await terminal.reads(/books=> *$/);
    await terminal.types('\\dt');
    await terminal.reads(/public +\| invoices +\| books_owner/);
    await terminal.types("select name, city from customers\nwhere name like 'Marsh%';");
    await terminal.reads(/Marsh Bakery +\| \w+\s+\(1 row\)/);
    await terminal.types('drop table invoices;');
    await terminal.reads(/ERROR: {2}must be owner of table invoices/);
    await shot(someone.page, 'session-1280-sql');

    const elsewhere = new pg.Client({
      host: '127.0.0.1',
      port: Number(port),
      user,
      password,
      database: 'books',
    });
    elsewhere.on('error', () => undefined);
    await elsewhere.connect();
    await elsewhere.query('update invoices set paid = true where id = 1004');
    await someone.button('Return early').last().click();
    await someone.reads(/the login is gone/);
    await terminal.reads(/The connection to the server was lost/);
    await expect(elsewhere.query('select 1')).rejects.toThrow();
    const again = new pg.Client({ host: '127.0.0.1', port: Number(port), user, password, database: 'books' });
    await expect(again.connect()).rejects.toThrow(/authentication failed/);
    await shot(someone.page, 'session-1280-sql-cut');
    expect(someone.faults).toEqual([]);
    await someone.context.close();
  }, 120_000);
});
