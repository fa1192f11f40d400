import { expect, it } from 'vitest';
import { stepsFor } from '../../src/playground/page/state/guide.js';
import { cast, DUO_USERS } from '../../src/playground/people.js';

it('everybody who is played has a phone that Duo knows', () => {
  const known = DUO_USERS.map(({ username }) => username);
  for (const { duo } of cast('1').people) expect(known).toContain(duo);
});

it('Duo knows the whole staff, Noor and Ivy, Maya by the name that northwind.yaml gives her', () => {
  const known = DUO_USERS.map(({ username }) => username);
  expect(known).toHaveLength(10);
  expect(known).toEqual(
    expect.arrayContaining(['luis@northwind.example', 'noor@delta.example', 'ivy@beacon.example', 'mchen']),
  );
  expect(known).not.toContain('maya@northwind.example');
});

it('every step of the guide is for somebody who is played', () => {
  expect(stepsFor(cast('1'))).toEqual(cast('1').tryNext);
});
