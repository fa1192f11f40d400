/** Signed button clicks a second, sixteen at once: each approves a request of its own, against a Bolt app that only acknowledges. */

import { type Measurement, ratioFigure } from './figure.js';
import { inTurns, piecesIn } from './rounds.js';
import { approveClick } from './slack-payloads.js';
import { approvalOf, openSlackStage, type SlackStage } from './slack-stage.js';

const ROUNDS = { rounds: 4, pieces: 250, atOnce: 16, warm: 1000 };
const CLICKS = piecesIn(ROUNDS);
const REFUSED = 250;

export const slackThroughput: Measurement = {
  id: 'slack_throughput_ratio',
  async measure() {
    const stage = await openSlackStage(CLICKS, CLICKS);
    try {
      const click = (send: SlackStage['toKeyturn']) => async (index: number) => {
        const { user, request } = approvalOf(index);
        const { status } = await send('interaction', approveClick(user, request, await stage.issue(user)));
        if (status !== 200) throw new Error(`not acknowledged: ${status}`);
      };
      const rates = await inTurns(click(stage.toKeyturn), click(stage.toBareBolt), {
        ...ROUNDS,
        // The cards of the first clicks would take longer than all that is measured.
        between: (warming) => (warming ? stage.dropCards() : stage.settled()),
      });
      const granted = await grants(stage);
      if (granted !== CLICKS / 2) throw new Error(`${granted} grants from ${CLICKS / 2} clicks`);
      return ratioFigure('slack_throughput_ratio', 'clicks', rates.ours, rates.theirs, [
        `refused clicks: ${(await refusedRate(stage)).toFixed(0)} a second`,
      ]);
    } finally {
      await stage.close();
    }
  },
};

async function grants({ database }: SlackStage): Promise<number> {
  const text = 'select count(*)::int as n from keyturn.grants';
  return (await database.run<{ n: number }>({ name: 'granted', text }, []))[0]?.n ?? 0;
}

/** The same clicks once more: each is refused, put on record and answered in words to the one who pressed. */
async function refusedRate(stage: SlackStage): Promise<number> {
  const started = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < REFUSED) {
      const { user, request } = approvalOf(next++);
      await stage.toKeyturn('interaction', approveClick(user, request, await stage.issue(user)));
    }
  };
  await Promise.all(Array.from({ length: ROUNDS.atOnce }, worker));
  return REFUSED / ((performance.now() - started) / 1000);
}
