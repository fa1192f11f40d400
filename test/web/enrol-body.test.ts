import { expect, test } from 'vitest';
import { readEnrolBody } from '../../src/web/enrol-body.js';
import { newToken } from '../../src/web/token.js';

const both = { token: newToken(), browser: newToken() };
const read = (body: unknown) => readEnrolBody(Buffer.from(JSON.stringify(body)));

test.each([
  { act: 'look', ...both },
  { act: 'begin', ...both },
  { act: 'try', ...both, code: '123 456' },
])('$act is what the page sends', (body) => {
  expect(read(body)).toEqual(body);
});

test.each<[string, unknown]>([
  ['an unknown act', { act: 'claim', ...both }],
  ['no act', both],
  ['a token too short', { act: 'look', ...both, token: 'x' }],
  ['no browser', { act: 'begin', token: both.token }],
  ['no code', { act: 'try', ...both }],
  ['an empty code', { act: 'try', ...both, code: '' }],
  ['a code too long', { act: 'try', ...both, code: '1'.repeat(21) }],
  ['something added', { act: 'begin', ...both, person: 'p-lena' }],
  ['a list', [{ act: 'look', ...both }]],
])('%s is not', (_, body) => {
  expect(read(body)).toBeNull();
});
