/** A Bolt app that verifies and acknowledges, and does nothing else: what Slack's own library costs. */

import { App, HTTPReceiver, LogLevel } from '@slack/bolt';

const [port = '', signingSecret = '', path = ''] = process.argv.slice(2);
const receiver = new HTTPReceiver({ signingSecret, endpoints: [path], logLevel: LogLevel.ERROR });
const app = new App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-0-bare' }),
  logLevel: LogLevel.ERROR,
});
app.action({ type: 'block_actions' }, async ({ ack }) => ack());
app.command('/access', async ({ ack }) => ack());
await app.start(Number(port));
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
