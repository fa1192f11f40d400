/** All words and forms of Keyturn, as somebody types and fills them in in Teams. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { ACCESS_CHANNEL, NORTHWIND_TENANT } from '../support/teams.js';
import { openWorld, type World } from '../support/world.js';

describe.each(KINDS)('typing to Keyturn in Teams, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true });
    for (const name of ['Tess', 'Lena', 'Omar']) await world.inTeams(name).hears('help');
  }, 60_000);
  afterAll(() => world.close());

  test('help lists what one types here, without Slack’s slash', async () => {
    const help = await world.inTeams('Tess').hears('help');
    expect(help).toContain('What you can type');
    expect(help).toContain('approve <id> [<duration>]: approves');
    expect(help).not.toContain('/access');
    expect(await world.inTeams('Tess').hears('what is this')).toContain('I didn’t understand that');
  });

  test('the form leads from the client to the account to the rest, says what is wrong, and asks', async () => {
    const tess = world.inTeams('Tess');
    await tess.types('request');
    const form = () => tess.receives('Request access', 'Client');
    await tess.clicks(await form(), 'Show choices', { client: 'acme' });
    await tess.clicks(await form(), 'Show choices', { client: 'acme', account: 'acme/front-desk' });
    const filled = await form();
    expect(tess.reads(filled)).toContain('Needs a lead.');
    expect(world.teams.inputs(filled).map(({ id }) => id)).toEqual([
      'client',
      'account',
      'long',
      'why',
      'ticket',
    ]);
    await tess.clicks(filled, 'Ask', { long: '1800', why: 'x', ticket: 'two words' });
    const wrong = await form();
    expect(tess.reads(wrong)).toContain('A ticket is one word of up to 40 letters');
    expect(world.teams.inputs(wrong).find(({ id }) => id === 'why')?.value).toBe('x');
    await tess.clicks(wrong, 'Ask', { long: '1800', why: 'printer is down', ticket: 'T-9' });
    await tess.receives('Done. The cards say the rest.');
    const mine = await tess.receives('Cancel request', 'printer is down');
    expect(tess.reads(mine)).toContain('#T-9');
  });

  test('an account that is left over from another client is never asked for by mistake', async () => {
    const tess = world.inTeams('Tess');
    await tess.types('request');
    const form = () => tess.receives('Request access', 'Client');
    await tess.clicks(await form(), 'Show choices', { client: 'acme' });
    const before = await world.rows('select id from keyturn.requests');
    await tess.clicks(await form(), 'Ask', { client: 'beacon', account: 'acme/till' });
    expect(world.teams.inputs(await form()).find(({ id }) => id === 'account')?.value).toBe('');
    expect(await world.rows('select id from keyturn.requests')).toEqual(before);
  });

  test('show, mine, pending, approve for less, deny with a reason, cancel, return: as in Slack', async () => {
    const [tess, lena] = [world.inTeams('Tess'), world.inTeams('Lena')];
    const id = await tess.asks('acme/scanner 1h labels are blank #T-77');
    expect(await tess.hears('mine')).toContain(id);
    expect(await lena.hears('pending')).toContain(id);
    const shown = await lena.hears(`show ${id}`, (says) => says.includes('Trail:'));
    expect(shown).toContain('🟩 Acme Dental');
    expect(shown).toContain('asked for acme/scanner, 60 minutes');
    await lena.types(`approve ${id} 15m`);
    await tess.receives('15 minutes, shortened from 1 hour', id.replace('R', 'G'));
    await tess.types(`return ${id.replace('R', 'G')}`);
    await tess.receives('Access ended', id);

    const denied = await tess.asks('acme/till 30m drawer is stuck');
    const card = await lena.sees('Deny', denied);
    await lena.clicks(card, 'Deny');
    const form = await lena.sees('Deny this request');
    expect(lena.reads(form)).toContain('Tess Tran will read this.');
    expect(lena.reads(form)).toContain('Back');
    await lena.clicks(form, 'Deny', { why: 'call the shop first' });
    await tess.receives('✗ Lena Falk: call the shop first', denied);

    const cancelled = await tess.asks('acme/till 30m drawer is stuck again');
    await tess.presses('Cancel request', cancelled);
    await lena.receives('Request cancelled', cancelled);
  });

  test('what is typed comes through as it was typed, and never comes to life', async () => {
    const reason = 'a < b & <at>everyone</at> **bold** [link](https://evil.example) {{DATE(2026-01-01)}}';
    const tess = world.inTeams('Tess');
    const id = await tess.asks(`acme/till 30m ${reason}`);
    const card = await world.inTeams('Lena').receives('Approve', id);
    expect(world.inTeams('Lena').reads(card).replaceAll('\n', '')).toContain(reason);
    expect(JSON.stringify(card.card)).not.toContain('"TextBlock"');
    expect(await world.rows('select reason from keyturn.requests where id = $1', [id])).toEqual([{ reason }]);
    await tess.presses('Cancel request', id);
  });

  test('in a channel, where others read along, the answer goes to whoever asked', async () => {
    const tess = world.inTeams('Tess');
    await world.teams.says(NORTHWIND_TENANT, tess.user, 'mine', {
      conversation: ACCESS_CHANNEL,
      mention: true,
    });
    await tess.receives('My requests and grants');
    const channel = await world.teams.until(() =>
      world.teams
        .channel(NORTHWIND_TENANT, ACCESS_CHANNEL)
        .find((m) => m.bot && m.text === 'The answer is in your own chat with me.'),
    );
    expect(channel).toBeDefined();
    const all = world.teams.channel(NORTHWIND_TENANT, ACCESS_CHANNEL).map((m) => world.teams.reads(m));
    expect(all.join('\n')).not.toContain('My requests and grants');
  });

  test('asked for in a channel, the form opens for whoever presses, and for nobody else', async () => {
    const tess = world.inTeams('Tess');
    await world.teams.says(NORTHWIND_TENANT, tess.user, 'request', {
      conversation: ACCESS_CHANNEL,
      mention: true,
    });
    const opener = await world.teams.until(() =>
      world.teams
        .channel(NORTHWIND_TENANT, ACCESS_CHANNEL, tess.user)
        .find((m) => world.teams.reads(m).includes('gets the request form, alone')),
    );
    const dialog = async (what: string, inputs: Record<string, string>) =>
      world.teams.submitsDialog(NORTHWIND_TENANT, tess.user, what, { inputs });
    const opened = await world.teams.presses(NORTHWIND_TENANT, tess.user, opener, 'Request access');
    expect(opened.dialog?.title).toBe('Keyturn');
    await dialog('Show choices', { client: 'acme' });
    await dialog('Show choices', { account: 'acme/lead-safe' });
    const wrong = await dialog('Ask', { long: '1800', why: '', ticket: 'two words' });
    expect(JSON.stringify(wrong.dialog?.card)).toContain('Say why, in a few words');
    const asked = await dialog('Ask', { long: '1800', why: 'asked by dialog', ticket: '' });
    expect(asked.dialog?.message).toBe('Done. The cards say the rest.');
    await tess.receives('Cancel request', 'asked by dialog');
    const lena = world.inTeams('Lena');
    await world.teams.presses(NORTHWIND_TENANT, lena.user, opener, 'Request access');
    expect(JSON.stringify(world.teams.dialog(NORTHWIND_TENANT, lena.user))).not.toContain('asked by dialog');
  });

  test('a password in what is typed is refused, and stored nowhere', async () => {
    const tess = world.inTeams('Tess');
    const says = await tess.hears('acme/till 30m the key is AKIAIOSFODNN7EXAMPLE');
    expect(says).toContain('Nothing was stored.');
    expect(says).not.toContain('AKIA');
  });
});
