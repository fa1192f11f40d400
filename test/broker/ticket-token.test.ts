/** What people type to be let in. */

import { expect, test } from 'vitest';
import { hashTicket, newTicket } from '../../src/broker/ticket-token.js';

test('a ticket is 130 random bits in groups that can be typed', () => {
  const tickets = Array.from({ length: 200 }, newTicket);
  for (const ticket of tickets)
    expect(ticket).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){3}-[0-9A-HJKMNP-TV-Z]{6}$/);
  expect(new Set(tickets).size).toBe(200);
  expect(new Set(tickets.join('').replaceAll('-', '')).size).toBe(32);
});

test('it may be typed in any case, without its dashes, with an O for a zero', () => {
  const ticket = '0123A-BCDEF-GHJKM-NPQRS-TVWXYZ';
  const hash = hashTicket(ticket);
  expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
  for (const typed of [
    ticket.toLowerCase(),
    ticket.replaceAll('-', ''),
    ` ${ticket}\n`,
    `O${ticket.slice(1)}`,
    ticket.replace('1', 'l'),
  ])
    expect(hashTicket(typed)).toBe(hash);
});

test('whatever else is typed is no ticket', () => {
  const ticket = newTicket();
  for (const typed of [
    '',
    ticket.slice(1),
    `${ticket}0`,
    ticket.replace(/^./, 'U'),
    ticket.replace(/^./, 'é'),
    '0'.repeat(101),
  ])
    expect(hashTicket(typed)).toBeNull();
});
