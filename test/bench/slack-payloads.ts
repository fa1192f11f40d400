/** What Slack sends when somebody presses a button or types a command. */

import type { Fields } from '../../src/playground/slack/types.js';
import type { Issued } from './fake-slack.js';

export const TEAM = 'T0BENCH';
export const CHANNEL = 'C0ACCESS';

type Given = Pick<Issued, 'trigger' | 'responseUrl'>;

/** A press of Approve, with the card's message around it, as Slack sends it along. */
export function approveClick(user: string, request: string, { trigger, responseUrl }: Given): Fields {
  const stamp = (Date.now() / 1000).toFixed(6);
  const button = {
    type: 'button',
    action_id: 'approve',
    text: { type: 'plain_text', text: 'Approve', emoji: true },
    value: request,
  };
  return {
    type: 'block_actions',
    user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: TEAM },
    api_app_id: 'A0KEYTURN',
    token: 'deprecated',
    container: { type: 'message', message_ts: stamp, channel_id: CHANNEL, is_ephemeral: false },
    trigger_id: trigger,
    team: { id: TEAM, domain: 'bench' },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: CHANNEL, name: 'access-requests' },
    message: {
      type: 'message',
      user: 'U0KEYTURN',
      ts: stamp,
      bot_id: 'B0',
      text: request,
      blocks: card(request),
    },
    state: { values: {} },
    response_url: responseUrl,
    actions: [{ ...button, block_id: 'b1', action_ts: stamp }],
  };
}

function card(request: string): Fields[] {
  const line = (text: string) => ({ type: 'section', text: { type: 'plain_text', text } });
  return [
    { type: 'header', text: { type: 'plain_text', text: `🟩 Client 7 · Access wanted ${request}` } },
    line('Account  Front desk PC (password)\nHow  Reveal once\nHow long  1 hour'),
    line('Why  the printer is on fire again\nAsked by  Tech 3\nStill needed  1 of the leads'),
    { type: 'actions', elements: [{ type: 'button', action_id: 'approve', value: request }] },
  ];
}

export function typed(user: string, text: string, { trigger, responseUrl }: Given): Fields {
  return {
    token: 'deprecated',
    team_id: TEAM,
    team_domain: 'bench',
    channel_id: CHANNEL,
    channel_name: 'access-requests',
    user_id: user,
    user_name: user.toLowerCase(),
    command: '/access',
    text,
    api_app_id: 'A0KEYTURN',
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: trigger,
  };
}
