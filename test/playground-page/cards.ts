/** Blocks such as Keyturn sends, and some that no bot should. */

import type { Block, Button, Choice } from '../../src/playground/page/blocks/types.js';
import type { View } from '../../src/playground/page/slack-contract.js';

const plain = (text: string) => ({ type: 'plain_text', text }) as const;
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text }) as const;
const button = (label: string, style?: 'primary' | 'danger', more: Partial<Button> = {}): Button => ({
  type: 'button',
  text: plain(label),
  action_id: label.toLowerCase().replaceAll(' ', '_'),
  ...(style && { style }),
  ...more,
});

export interface Ask {
  readonly id: string;
  readonly client: string;
  readonly account: string;
  readonly duration: string;
  readonly reason: string;
  readonly by: string;
}

/** A request's card; `verdict` is who has spoken. */
export function requestCard(ask: Ask, verdict: string, open: boolean): Block[] {
  const buttons = [button('Approve', 'primary'), button('Deny', 'danger')];
  return [
    { type: 'header', block_id: 'head', text: plain(`🟩 ${ask.client}`) },
    {
      type: 'section',
      block_id: 'facts',
      fields: [
        mrkdwn(`*Account*\n${ask.account}`),
        mrkdwn('*How*\nreveal'),
        mrkdwn(`*How long*\n${ask.duration}`),
        mrkdwn('*Ticket*\nNW-1042'),
      ],
    },
    { type: 'section', block_id: 'why', text: plain(ask.reason) },
    {
      type: 'context',
      block_id: 'who',
      elements: [mrkdwn(`Asked by <@${ask.by}> · \`${ask.id}\``), mrkdwn(verdict)],
    },
    ...(open ? [{ type: 'actions', block_id: 'decide', elements: buttons } as const] : []),
  ];
}

/** The holder's card. */
export function grantCard(ask: Ask, active: boolean): Block[] {
  const until = Math.floor(Date.now() / 1000) + 1800;
  const confirm = {
    title: plain('Hand it back?'),
    text: mrkdwn(`Access to *${ask.client}* ends at once.`),
    confirm: plain('Return early'),
    deny: plain('Keep it'),
  };
  const state = active
    ? `*Yours until <!date^${until}^{time}|later>.* Approved by <@U0LENA>.`
    : '*Ended.* The password was shown and still works until Lena changes it.';
  return [
    { type: 'header', block_id: 'head', text: plain(`🟩 ${ask.client}`) },
    { type: 'section', block_id: 'state', text: mrkdwn(state) },
    {
      type: 'context',
      block_id: 'what',
      elements: [mrkdwn(`${ask.account} · reveal · ${ask.duration} · \`G-4M2XPA\``)],
    },
    ...(active
      ? [
          {
            type: 'actions',
            block_id: 'use',
            elements: [button('Reveal', 'primary'), button('Return early', undefined, { confirm })],
          } as const,
        ]
      : []),
  ];
}

/** The link that only its holder gets. */
export const linkCard: Block[] = [
  {
    type: 'section',
    block_id: 'link',
    text: mrkdwn('Your link, once, for *10 minutes*. Confirm number *47* there.'),
  },
  {
    type: 'actions',
    block_id: 'open',
    elements: [button('Open the link', 'primary', { url: 'http://127.0.0.1:3000/reveal#token' })],
  },
];

const choice = (text: string, value = text): Choice => ({ text: plain(text), value });
export const clients = ['Acme Dental', 'Beacon Law', 'Delta Resale'].map((name) =>
  choice(name, name.split(' ')[0]?.toLowerCase()),
);

/** The request form; `client` is what was picked so far. */
export function requestForm(id: string, client?: string): View {
  return {
    id,
    title: plain('Request access'),
    submit: plain('Ask'),
    close: plain('Cancel'),
    blocks: [
      {
        type: 'input',
        block_id: 'client',
        dispatch_action: true,
        label: plain('Client'),
        element: {
          type: 'external_select',
          action_id: 'client',
          placeholder: plain('Search clients'),
          min_query_length: 0,
        },
      },
      ...(client
        ? [
            {
              type: 'input',
              block_id: `account-${client}`,
              label: plain('Account'),
              element: {
                type: 'static_select',
                action_id: 'account',
                placeholder: plain('Choose an account'),
                options: [choice('Front desk PC, local admin'), choice('Spare laptop, local admin')],
              },
            } as const,
          ]
        : []),
      {
        type: 'input',
        block_id: 'duration',
        label: plain('How long'),
        element: {
          type: 'radio_buttons',
          action_id: 'duration',
          options: ['30m', '1h', '4h'].map((value) => choice(value)),
          initial_option: choice('30m'),
        },
      },
      {
        type: 'input',
        block_id: 'why',
        label: plain('Why'),
        hint: plain('Who approves reads this, and the client may later.'),
        element: { type: 'plain_text_input', action_id: 'why', multiline: true, max_length: 2000 },
      },
      {
        type: 'input',
        block_id: 'ticket',
        optional: true,
        label: plain('Ticket'),
        element: { type: 'plain_text_input', action_id: 'ticket', placeholder: plain('NW-1042') },
      },
    ],
  };
}

/** What a typist with bad intentions writes. */
export const HOSTILE =
  '<script>alert(1)</script> *not bold* <@U0LENA> <https://evil.example|click> &lt;b&gt; :key:';

/** One of everything, for the eye and for tests. */
export const gallery: Block[] = [
  { type: 'header', text: plain('🟥 Everything a card can be') },
  {
    type: 'section',
    text: mrkdwn(
      '*bold* _italic_ ~struck~ `code` *_both_* :key: <https://example.com/a?b=1&amp;c=2|a link> <@U0LENA> <#C0ACCESS>\n> a quote, with *weight*\n```pre *not bold* &lt;tag&gt;\nsecond line```\nafter the fence, <!date^1700000000^{date_num} {time_secs}|fallback>',
    ),
    accessory: button('Show', undefined, { action_id: 'gallery_show' }),
  },
  { type: 'section', text: plain(HOSTILE) },
  { type: 'divider' },
  {
    type: 'actions',
    block_id: 'gallery',
    elements: [
      button('Revoke', 'danger'),
      {
        type: 'static_select',
        action_id: 'pick',
        placeholder: plain('For how long'),
        options: ['30m', '1h'].map((it) => choice(it)),
      },
      {
        type: 'checkboxes',
        action_id: 'tick',
        options: [{ ...choice('Tell the client'), description: mrkdwn('by _mail_') }],
      },
    ],
  },
  { type: 'image', image_url: 'https://elsewhere.example/pixel.png', alt_text: 'a picture of elsewhere' },
  { type: 'video', block_id: 'v', title: plain('no') } as unknown as Block,
];
