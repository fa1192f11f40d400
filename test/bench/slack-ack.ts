/** How long Slack waits for the acknowledgement, at 100 signed requests a second: clicks that commit, and typed commands. */

import type { Delivered } from '../../src/playground/slack/deliver/http-delivery.js';
import { type Measurement, percentile } from './figure.js';
import { accountName } from './office.js';
import { approveClick, typed } from './slack-payloads.js';
import { approvalOf, openSlackStage, type SlackStage, techUser } from './slack-stage.js';

const A_SECOND = 100;
const WARM_SECONDS = 8;
const SECONDS = 20;
const BARE_SECONDS = 5;
const ALL = A_SECOND * (WARM_SECONDS + SECONDS + BARE_SECONDS);
const GOAL_MS = 250;
const NEVER_MS = 3000;

export const slackAck: Measurement = {
  id: 'slack_ack_p99_ms',
  async measure() {
    const stage = await openSlackStage(ALL, ALL / 2);
    try {
      const bare = await atPace(stage, stage.toBareBolt, ALL - A_SECOND * BARE_SECONDS, BARE_SECONDS);
      await atPace(stage, stage.toKeyturn, 0, WARM_SECONDS);
      await stage.dropCards();
      const ours = await atPace(stage, stage.toKeyturn, A_SECOND * WARM_SECONDS, SECONDS);
      const worked = await approvedOf(stage);
      const [value, baseline, longest] = [percentile(ours, 0.99), percentile(bare, 0.99), Math.max(...ours)];
      return {
        ...{
          id: 'slack_ack_p99_ms',
          value,
          baseline,
          unit: 'ms',
          goal: GOAL_MS,
          aim: `< ${GOAL_MS}, never ${NEVER_MS}`,
        },
        met: value < GOAL_MS && longest < NEVER_MS,
        notes: [
          `median ${percentile(ours, 0.5).toFixed(1)} ms, longest ${longest.toFixed(0)} ms`,
          `${worked} approvals committed meanwhile; baseline: bare Bolt`,
        ],
      };
    } finally {
      await stage.close();
    }
  },
};

type Send = SlackStage['toKeyturn'];

/** Sends on the beat, whether or not the answers keep up. Returns how long each acknowledgement took. */
async function atPace(stage: SlackStage, send: Send, first: number, seconds: number): Promise<number[]> {
  const started = performance.now();
  const sent: Promise<Delivered>[] = [];
  for (let n = 0; n < seconds * A_SECOND; n++) {
    const early = started + (n * 1000) / A_SECOND - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    sent.push(one(stage, send, first + n));
  }
  const delivered = await Promise.all(sent);
  const failed = delivered.find(({ status }) => status !== 200);
  if (failed) throw new Error(`not acknowledged: ${failed.status} ${failed.error ?? failed.text}`);
  return delivered.map(({ ms }) => ms);
}

/** Half are presses of Approve, each on a request of its own; the rest ask, list and open the form. */
async function one(stage: SlackStage, send: Send, index: number): Promise<Delivered> {
  if (index % 2 === 0) {
    const { user, request } = approvalOf(index / 2);
    return send('interaction', approveClick(user, request, await stage.issue(user)));
  }
  const user = techUser(index);
  const words = [`${accountName(ALL / 2 + (index >> 1))} 1h the printer is on fire again`, 'mine', ''];
  return send('slash', typed(user, words[(index >> 1) % words.length] as string, await stage.issue(user)));
}

async function approvedOf({ database }: SlackStage): Promise<number> {
  const text = `select count(*)::int as n from keyturn.grants`;
  return (await database.run<{ n: number }>({ name: 'granted', text }, []))[0]?.n ?? 0;
}
