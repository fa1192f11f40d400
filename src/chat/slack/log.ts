/** Bolt's log as ours. Its debug lines hold whole payloads and addresses, so they are never written. */

import { LogLevel, type Logger as SlackLogger } from '@slack/bolt';
import type { Logger } from 'pino';

/** @param warnings where they go: what strangers send is counted, and must not fill the log. */
export function slackLogger(log: Logger, warnings: 'warn' | 'debug' = 'warn'): SlackLogger {
  return {
    debug() {},
    info() {},
    warn: (...said) => log[warnings](words(said)),
    error: (...said) => log.error(words(said)),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}

/** Texts and errors' own messages only: an object might hold anything. */
function words(said: readonly unknown[]): string {
  const readable = said.map((one) =>
    one instanceof Error ? one.message : typeof one === 'string' ? one : '',
  );
  return `Slack: ${readable.filter(Boolean).join(' ')}`;
}
