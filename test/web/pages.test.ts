import { expect, test } from 'vitest';
import type { Confirm, LookAnswer } from '../../src/web/link-answers.js';
import { makePassword } from '../../src/web/pages/link/make-password.js';
import { type Asked, type News, next, type Step } from '../../src/web/pages/link/step.js';

const about: LookAnswer = {
  client: 'Acme Dental',
  colour: 'green',
  account: 'Front desk PC',
  person: 'Tess Tran',
  purpose: 'reveal',
  state: 'open',
  expiresInSeconds: 600,
  grantEndsInSeconds: 3600,
};
const OVER = { refused: 'link-over', says: 'This link opens nothing any more.' };
const walk = (...news: News[]): Step => news.reduce<Step>(next, { at: 'loading' });
const looked: News = { heard: 'look', answer: about };
const chat: Confirm = { by: 'chat', number: '47' };
const prompt: Confirm = { by: 'prompt' };
const code: Confirm = { by: 'code', digits: 6 };
const ask = (confirm: Confirm): News => ({ heard: 'ask', answer: { confirm, another: true } });
const status = (confirm: Confirm, state: 'waiting' | 'confirmed' = 'waiting'): News => ({
  heard: 'status',
  answer: { state, expiresInSeconds: 500, confirm, another: false },
});
const no = (to: Asked, refused: string, says = 'No.'): News => ({
  heard: 'no',
  to,
  no: { refused, says },
  late: false,
});
const asked = ask(chat);
const confirmed = status(chat, 'confirmed');
const claimed: News = { heard: 'claim', answer: { password: 'x', secondsShown: 60 } };
const over = (late = false): News => ({ heard: 'no', to: 'status', no: OVER, late });

test('look, ask, confirm, claim, hide; and nothing of the password stays', () => {
  expect(walk(looked).at).toBe('offer');
  expect(walk(looked, asked)).toEqual({ at: 'confirm', about, confirm: chat, another: true });
  expect(walk(looked, asked, confirmed).at).toBe('ready');
  expect(walk(looked, asked, confirmed, claimed).at).toBe('shown');
  expect(walk(looked, asked, confirmed, claimed, { heard: 'hide' })).toEqual({ at: 'hidden', about });
});

test('each end has words of its own', () => {
  const title = (step: Step) => ('title' in step ? step.title : step.at);
  expect(title(walk({ heard: 'no', to: 'look', no: OVER, late: true }))).toBe(
    'This link opens nothing any more',
  );
  expect(title(walk(looked, asked, over(true)))).toBe('Not confirmed in time');
  expect(title(walk(looked, over(true)))).toBe('The link has run out');
  expect(title(walk(looked, asked, over()))).toBe('This link was ended');
  expect(title(walk(looked, asked, confirmed, over()))).toBe('This link was ended');
  const other: News = {
    heard: 'no',
    to: 'ask',
    no: { refused: 'other-browser', says: 'Another.' },
    late: false,
  };
  expect(walk(looked, other)).toMatchObject({ title: 'Another browser has this link', says: 'Another.' });
  expect(title(walk(looked, asked, confirmed, { heard: 'nothing', to: 'claim' }))).toBe(
    'The answer didn’t arrive',
  );
});

test('what passes leaves the step as it is, with the sentence', () => {
  const busy: News = { heard: 'no', to: 'ask', no: { refused: 'busy', says: 'Many people.' }, late: false };
  expect(walk(looked, busy)).toEqual({ at: 'offer', about, trouble: 'Many people.' });
  expect(walk(looked, asked, { heard: 'nothing', to: 'status' })).toMatchObject({
    at: 'confirm',
    confirm: chat,
  });
});

test('what comes late changes nothing', () => {
  expect(walk(looked, confirmed).at).toBe('offer');
  expect(walk(looked, asked, confirmed, claimed, over()).at).toBe('shown');
  expect(walk(looked, claimed).at).toBe('offer');
  expect(walk(looked, asked, over(), confirmed, claimed).at).toBe('over');
});

test('each status draws the question anew', () => {
  const again = walk(looked, ask({ by: 'asking' }), status({ by: 'push', number: '47', code: '479' }));
  expect(again).toEqual({
    at: 'confirm',
    about,
    confirm: { by: 'push', number: '47', code: '479' },
    another: false,
  });
  expect(walk(looked, asked, { heard: 'another', answer: { confirm: code, another: true } })).toMatchObject({
    confirm: code,
    another: true,
  });
});

test('Duo’s address stays while Duo is the way, and goes with it or when it is too old', () => {
  const there: News = { heard: 'prompt', answer: { url: 'https://duo.example/1' }, at: 7 };
  expect(walk(looked, ask(prompt), there, status(prompt))).toMatchObject({
    duo: { url: 'https://duo.example/1', since: 7 },
  });
  expect(walk(looked, ask(prompt), there, { heard: 'stale' })).not.toHaveProperty('duo');
  expect(walk(looked, ask(prompt), there, status(code))).not.toHaveProperty('duo');
  expect(walk(looked, ask(prompt), there, ask(prompt))).not.toHaveProperty('duo');
  expect(walk(looked, ask(code), there)).not.toHaveProperty('duo');
});

test('a wrong code is said at its field until the next, whatever the status says meanwhile', () => {
  const wrong = walk(looked, ask(code), no('code', 'wrong-code', 'That code isn’t right.'), status(code));
  expect(wrong).toMatchObject({ at: 'confirm', wrong: { says: 'That code isn’t right.' } });
  expect(next(wrong, status({ by: 'over', says: 'Enough.', again: false }))).not.toHaveProperty('wrong');
  expect(next(wrong, { heard: 'code' })).toEqual({ at: 'ready', about });
  expect(next(wrong, no('code', 'link-over'))).toMatchObject({ at: 'over', title: 'This link was ended' });
});

test('what is lost or refused while confirming ends nothing but a link that is over', () => {
  for (const act of ['ask', 'code', 'another'] as const) {
    expect(walk(looked, asked, { heard: 'nothing', to: act })).toMatchObject({ at: 'confirm' });
    expect(walk(looked, asked, no(act, 'too-often', 'Wait.'))).toMatchObject({ wrong: { says: 'Wait.' } });
    expect(walk(looked, asked, no(act, 'other-browser'))).toMatchObject({ at: 'over' });
    expect(walk(looked, asked, confirmed, no(act, 'wrong-code'))).toEqual({ at: 'ready', about });
    expect(walk(looked, asked, confirmed, { heard: 'nothing', to: act })).toEqual({ at: 'ready', about });
  }
  const retrying = walk(looked, ask(prompt), { heard: 'nothing', to: 'prompt' });
  expect(retrying).toMatchObject({ trouble: 'No connection. Still trying …' });
  expect(next(retrying, status(prompt))).not.toHaveProperty('trouble');
});

test('a made password has 24 characters that nobody confuses, of each kind, never the same', () => {
  const made = Array.from({ length: 200 }, makePassword);
  for (const password of made) {
    expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*[2-9])[a-zA-Z2-9]{24}$/);
    expect(password).not.toMatch(/[ilIoO01]/);
  }
  expect(new Set(made).size).toBe(200);
});
