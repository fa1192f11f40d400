/** `chat`: whose chat it is decides who may be linked there. */

import { z } from 'zod';
import { anyText, exactly, secretText, shaped } from './shapes.js';

const of = anyText().describe('`operator`, or the id of the client whose chat this is.');

const slack = exactly({
  of,
  team: shaped('slackTeam').describe('The workspace’s id.'),
  bot_token: secretText('SLACK_BOT_TOKEN'),
  signing_secret: secretText('SLACK_SIGNING_SECRET'),
  app_token: secretText('SLACK_APP_TOKEN:-')
    .optional()
    .describe('By variable only. Set: Socket Mode. Empty or absent: HTTP at /slack/events/<team>.'),
  requests_channel: shaped('slackChannel')
    .optional()
    .describe('Approval cards, besides the approvers’ direct messages.'),
  alerts_channel: shaped('slackChannel').optional().describe('Break-glass and late revocations.'),
});

const teams = exactly({
  of,
  tenant: shaped('tenant').describe('The Microsoft 365 tenant’s id.'),
  app_id: anyText().describe('The bot’s Microsoft app id.'),
  app_password: secretText('MICROSOFT_APP_PASSWORD'),
  requests_channel: shaped('teamsChannel')
    .optional()
    .describe('Approval cards, besides the approvers’ own chats. Only the operator’s own tenant has one.'),
  alerts_channel: shaped('teamsChannel').optional().describe('Break-glass and late revocations.'),
});

export const chat = exactly({
  slack: z.array(slack).default([]).describe('Slack workspaces.'),
  teams: z.array(teams).default([]).describe('Microsoft Teams tenants.'),
}).describe('The chats in which people ask and decide.');
