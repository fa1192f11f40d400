/** The fake Slack as a process of its own: one workspace, told over IPC, so that neither app nor generator waits for it. */

import { FakeSlack } from '../../src/playground/slack/index.js';
import type { WorkspaceOptions } from '../../src/playground/slack/types.js';

export interface Wanted {
  readonly number: number;
  readonly user: string;
  readonly channel: string;
}

/** What a click or a command carries from Slack, good for three seconds and half an hour. */
export interface Issued {
  readonly number: number;
  readonly trigger: string;
  readonly responseUrl: string;
}

const workspace = JSON.parse(process.argv[2] ?? '{}') as WorkspaceOptions;
const slack = await FakeSlack.start({ rateLimits: false, workspaces: [workspace] });
const say = (message: object) => process.send?.(message);

process.on('message', ({ number, user, channel }: Wanted) => {
  const { workspace: here, responseUrls } = slack.humans(workspace.team);
  const issued: Issued = {
    number,
    trigger: here.screens.issueTrigger(user),
    responseUrl: responseUrls.issue(here, user, channel),
  };
  say(issued);
});
process.on('disconnect', () => process.exit(0));
say({ url: slack.url, apiUrl: slack.apiUrl });
