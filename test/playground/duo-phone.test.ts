/** What the page's phone asks and does: `/play/duo/state`, `/stream` and `/act`, on this machine alone. */

import { createServer } from 'node:http';
import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import type { FakeDuo } from '../../src/playground/duo/index.js';
import { asked, closeLater, pushFor, redirected, sent, startDuo, universalFor } from '../mfa/support.js';
import { ask } from './duo-support.js';

const json = { 'content-type': 'application/json' };
const act = (duo: FakeDuo, given: unknown, headers: Record<string, string> = json) =>
  ask(duo, 'POST', '/play/duo/act', { headers, body: JSON.stringify(given) });
const state = async (duo: FakeDuo, user = 'lena') =>
  (await ask(duo, 'GET', `/play/duo/state?user=${user}`)).json;

describe('the phone', () => {
  it('shows the push with its facts, and never its code', async () => {
    const duo = await startDuo();
    const { txid, code } = sent(await pushFor(duo).start(asked('lena')));
    const shown = await state(duo);
    expect(shown).toMatchObject({
      user: { username: 'lena', status: 'active' },
      phone: 'on',
      pending: [{ txid, type: 'Approval', verified: true, state: 'waiting', facts: expect.any(Array) }],
      recent: [],
    });
    expect(shown.pending[0].facts).toContainEqual({ label: 'Request', value: 'R-8F3KQ2' });
    expect(JSON.stringify(shown.pending[0].facts)).not.toContain(code);
    expect(shown.pending[0]).not.toHaveProperty('code');
  });

  it('allows with the code that was typed', async () => {
    const duo = await startDuo();
    const { txid, code } = sent(await pushFor(duo).start(asked('lena')));
    const typed = (given?: string | null) => act(duo, { kind: 'allow', user: 'lena', txid, code: given });
    expect((await typed()).json).toMatchObject({ ok: false, error: expect.stringContaining('not the code') });
    expect((await typed(code)).json).toEqual({ ok: true });
    expect((await typed(code)).json).toMatchObject({ ok: false, error: 'This push is over.' });
    expect(await state(duo)).toMatchObject({ pending: [], recent: [{ txid, state: 'allowed' }] });
  });

  it.each([
    ['deny', 'denied'],
    ['fraud', 'fraud'],
  ])('can %s', async (kind, became) => {
    const duo = await startDuo();
    const { txid } = sent(await pushFor(duo).start(asked('lena')));
    expect((await act(duo, { kind, user: 'lena', txid })).json).toEqual({ ok: true });
    expect(await state(duo)).toMatchObject({ recent: [{ txid, state: became }] });
  });

  it('can be off, slow, and on again', async () => {
    const duo = await startDuo();
    for (const phone of ['off', 'slow', 'on']) {
      expect((await act(duo, { kind: 'phone', user: 'lena', phone })).json).toEqual({ ok: true });
      expect(await state(duo)).toMatchObject({ phone });
    }
    duo.setPhone('lena', 'slow');
    const { txid } = sent(await pushFor(duo).start(asked('lena')));
    expect((await state(duo)).pending).toEqual([]);
    expect((await act(duo, { kind: 'deny', user: 'lena', txid })).json).toMatchObject({ ok: false });
    duo.arrive(txid);
    expect((await state(duo)).pending).toHaveLength(1);
  });

  it('answers no push of another phone', async () => {
    const duo = await startDuo();
    const { txid } = sent(await pushFor(duo, 'never').start(asked('plain')));
    const got = await act(duo, { kind: 'allow', user: 'lena', txid });
    expect(got.json).toMatchObject({ ok: false, error: expect.stringContaining('no such push') });
    expect(duo.pending('plain')).toHaveLength(1);
  });

  it.each([
    [{ kind: 'steal', user: 'lena' }],
    [{ kind: 'phone', user: 'lena', phone: 'loud' }],
    [{ kind: 'deny', user: 'nobody', txid: 'x' }],
    [{}],
    [[]],
    ['x'],
  ])('does nothing for %j', async (given) => {
    expect((await act(await startDuo(), given)).json).toMatchObject({ ok: false, error: expect.any(String) });
  });

  it('of a stranger is not there', async () => {
    expect(await state(await startDuo(), 'nobody')).toMatchObject({ ok: false });
  });
});

describe('the doors', () => {
  it.each([
    ['another origin', { ...json, origin: 'https://elsewhere.example' }],
    ['plain http of the same host', { ...json, origin: 'http://localhost' }],
    ['another name for this machine', { ...json, host: 'elsewhere.example' }],
    ['another site', { ...json, 'sec-fetch-site': 'cross-site' }],
  ])('are shut to %s', async (_what, headers) => {
    const got = await act(await startDuo(), { kind: 'phone', user: 'lena', phone: 'off' }, headers);
    expect(got.status).toBe(403);
  });

  it('are shut to a form', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await act(await startDuo(), {}, headers)).status).toBe(415);
  });

  it('are open to the page’s own origin', async () => {
    const duo = await startDuo();
    const given = { kind: 'phone', user: 'lena', phone: 'off' };
    expect((await act(duo, given, { ...json, origin: duo.url })).json).toEqual({ ok: true });
    expect((await ask(duo, 'GET', '/play/duo/elsewhere')).status).toBe(404);
  });
});

it('the stream tells whose phone changed', async () => {
  const duo = await startDuo();
  const heard = new Promise<string>((resolve, reject) => {
    const sent = request(`${duo.url}/play/duo/stream`, { ca: duo.ca, agent: false }, (response) => {
      response.setEncoding('utf8');
      response.once('data', () => {
        response.on('data', resolve);
        duo.setPhone('lena', 'off');
      });
    });
    sent.on('error', reject).end();
  });
  expect(await heard).toBe('event: change\ndata: {"user":"lena"}\n\n');
});

it('a page on plain HTTP can stand in front: phone and prompt, nothing else', async () => {
  const duo = await startDuo();
  const server = createServer(async (req, res) => {
    if (!(await duo.serveHumans(req, res))) res.writeHead(404).end('somebody else’s');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closeLater({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const shown = await fetch(`${origin}/play/duo/state?user=lena`);
  expect(await shown.json()).toMatchObject({ phone: 'on' });
  const { url } = redirected(await universalFor(duo).start('lena', 'state-of-this-question-0001'));
  const page = await fetch(url.replace(duo.url, origin));
  expect(await page.text()).toContain('<strong>lena</strong> signs in');
  expect((await fetch(`${origin}/auth/v2/ping`)).status).toBe(404);
});

it('until waits for what is not there yet, and gives up with what was looked for', async () => {
  const duo = await startDuo();
  const seen = duo.until(() => duo.pending('lena')[0]);
  await pushFor(duo).start(asked('lena'));
  expect(await seen).toMatchObject({ username: 'lena' });
  await expect(duo.until(() => duo.pending('plain')[0], 5)).rejects.toThrow('not seen at Duo');
  expect(() => duo.pushes('nobody')).toThrow('no user nobody');
});
