/** A fake Slack as a process of its own: its people do what they are told, and every update of a message is told. */

import { FakeSlack } from '../../src/playground/slack/index.js';
import type { WorkspaceOptions } from '../../src/playground/slack/types.js';
import { obey, tell } from './played.js';

const workspaces = JSON.parse(process.argv[2] ?? '[]') as WorkspaceOptions[];
const slack = await FakeSlack.start({ rateLimits: false, workspaces });

slack.on('call', ({ team, method, args, answer }) => {
  if (method !== 'chat.update' || answer.ok !== true) return;
  const body = new URLSearchParams(args as Record<string, string>).toString();
  tell({ updated: { workspace: team, channel: String(args.channel), message: String(args.ts), body } });
});
obey({
  click: (...given: Parameters<FakeSlack['click']>) => slack.click(...given),
  slash: (...given: Parameters<FakeSlack['slash']>) => slack.slash(...given),
});
process.send?.({ url: slack.apiUrl });
