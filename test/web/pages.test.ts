import { expect, test } from 'vitest';
import type { LookAnswer } from '../../src/web/link-answers.js';
import { makePassword } from '../../src/web/pages/link/make-password.js';
import { type News, next, type Step } from '../../src/web/pages/link/step.js';

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
const asked: News = { heard: 'ask', answer: { number: '47' } };
const confirmed: News = { heard: 'status', answer: { state: 'confirmed', expiresInSeconds: 500 } };
const claimed: News = { heard: 'claim', answer: { password: 'x', secondsShown: 60 } };
const over = (late = false): News => ({ heard: 'no', to: 'status', no: OVER, late });

test('look, ask, confirm, claim, hide; and nothing of the password stays', () => {
  expect(walk(looked).at).toBe('offer');
  expect(walk(looked, asked)).toEqual({ at: 'number', about, number: '47' });
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
    at: 'number',
    number: '47',
  });
});

test('what comes late changes nothing', () => {
  expect(walk(looked, confirmed).at).toBe('offer');
  expect(walk(looked, asked, confirmed, claimed, over()).at).toBe('shown');
  expect(walk(looked, claimed).at).toBe('offer');
  expect(walk(looked, asked, over(), confirmed, claimed).at).toBe('over');
});

test('a made password has 24 characters that nobody confuses, of each kind, never the same', () => {
  const made = Array.from({ length: 200 }, makePassword);
  for (const password of made) {
    expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*[2-9])[a-zA-Z2-9]{24}$/);
    expect(password).not.toMatch(/[ilIoO01]/);
  }
  expect(new Set(made).size).toBe(200);
});
