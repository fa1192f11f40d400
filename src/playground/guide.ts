/** What there is to try, in an order that shows all of it. */

import type { GuideStep } from './page/contract.js';

export const GUIDE: readonly GuideStep[] = [
  {
    as: 'tess',
    text: 'The front desk’s printer needs a driver, and that takes an admin: ask for the account in one line, or press `Request access`.',
    type: '/access acme/front-desk 30m printer driver fails #T-204',
    until: { appears: 'Approve', to: 'lena' },
  },
  {
    as: 'lena',
    text: 'The card has arrived. Read who wants what and why, then press `Approve`.',
    until: { pressed: 'Approve' },
  },
  {
    as: 'lena',
    text: 'Is it really Lena? Her phone asks: type the number there that her chat shows, and press `Approve` on it.',
    until: { appears: 'Reveal', to: 'tess' },
  },
  {
    as: 'tess',
    text: 'Approved, and the clock runs. Press `Reveal` for a link that works once, for Tess alone.',
    until: { pressed: 'Reveal' },
  },
  {
    as: 'tess',
    text: 'Open the link and press the button there: Tess’s phone asks for the number on that page. Then hand the access back: `Return early`.',
    until: { pressed: 'Return early' },
  },
  {
    as: 'lena',
    text: 'Tess has seen the password, so it isn’t taken back yet: Lena’s card asks her to change it. Press `Enter the new password`.',
    until: { pressed: 'Enter the new password' },
  },
  {
    as: 'tess',
    text: 'Keyturn changes a password itself where it can reach the server. This one runs right here: ask for its login, press `Reveal`, and sign in with what you see: her card says where.',
    type: '/access acme/web1-deploy 30m restart the shop',
    until: { pressed: 'Return early' },
  },
  {
    as: 'tess',
    text: 'Returned: Tess’s card says when the old password was refused. Some keys nobody sees at all: ask for root on the same server.',
    type: '/access acme/web1-root 30m the disk fills up',
    until: { appears: 'Approve', to: 'lena' },
  },
  {
    as: 'lena',
    text: 'Press `Approve`, and answer on Lena’s phone.',
    until: { appears: 'Connect', to: 'tess' },
  },
  {
    as: 'tess',
    text: 'Press `Connect`, answer on Tess’s phone, then `Try it in this page’s terminal`, or paste the line into your own. Let `ping db1` run there, and press `Return early`: it is cut at once.',
    until: { pressed: 'Return early' },
  },
  {
    as: 'tess',
    text: 'What ran there is recorded: `/access sessions` plays it back. Some keys need two people. Ask for the office router.',
    type: '/access acme/router 30m replace the uplink #T-311',
    until: { appears: 'Approve', to: 'sana' },
  },
  {
    as: 'sana',
    text: 'A lead and somebody from security, each on their own phone: press `Approve` here, and then as Lena.',
    until: { appears: 'Reveal', to: 'tess' },
  },
  {
    as: 'tess',
    text: 'The router is Tess’s for half an hour, and nobody has to wait: press `Wind the clock` and `+1 hour`, and her card says that time was up.',
    until: { goes: 'Reveal', from: 'tess' },
  },
  {
    as: 'tess',
    text: 'And some need the client’s own word. Press `Request access`, choose Delta Resale and its registrar.',
    until: { appears: 'Approve', to: 'noor' },
  },
  {
    as: 'noor',
    text: 'Noor sits in Delta’s own Slack, sees nothing but Delta’s, and has a phone too. Press `Approve` or `Deny`.',
    until: { pressed: 'Approve' },
  },
  {
    as: 'tess',
    text: 'Not everybody has Slack. Press `Request access` once more: Beacon Law, and its domain login.',
    until: { appears: 'Approve', to: 'ivy' },
  },
  {
    as: 'ivy',
    text: 'Ivy sits in Beacon’s own Microsoft Teams: the same card, the same words. Press `Approve`, and answer on her phone.',
    until: { pressed: 'Approve' },
  },
  {
    as: 'tess',
    text: 'Two in the morning, and nobody answers: Tess breaks the glass. Her phone asks, nobody else does.',
    type: '/access break-glass beacon/second-admin 30m mail is down at Beacon and nobody answers',
    until: { appears: 'Review', to: 'lena' },
  },
  {
    as: 'lena',
    text: 'Lena, security and Ivy at Beacon know at once. Somebody other than Tess says afterwards whether it was right: press `Review`.',
    until: { pressed: 'Review' },
  },
  {
    as: 'lena',
    text: 'Luis leaves today. See what he holds, press `Confirm offboarding`, and answer on Lena’s phone: nothing of his works from then on.',
    type: '/access offboard luis@northwind.example',
    until: { appears: 'Result', to: 'lena' },
  },
  {
    as: 'lena',
    text: 'Wind the clock by `+1 day`: each morning the leads get their digest, what needs them first. And every turn of every key is on record: open the `Audit trail`.',
    until: { opened: 'audit' },
  },
];
