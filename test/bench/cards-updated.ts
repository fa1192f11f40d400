/** From a click on Approve to the moment when every copy of the request's card, in both chats, says that it is approved. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../src/store/driver.js';
import { type Measurement, percentile } from './figure.js';
import {
  type BareUpdate,
  type FullStage,
  openFullStage,
  TENANT,
  teamsUser,
  WORKSPACE,
} from './full-stage.js';
import { emailOf, lead, slackUser } from './office.js';
import type { Updated } from './played.js';
import { requestId } from './stage.js';

/** Each means four updates and a new card in Teams, which takes fifty calls a second from one app and no more. */
const A_SECOND = 10;
const WARM = 40;
const ONE_BY_ONE = 40;
const SECONDS = 20;
const BARE_SECONDS = 8;
const CLICKS = WARM + ONE_BY_ONE + A_SECOND * SECONDS;
/** In each chat: the requests channel, both leads, the requester. */
const COPIES = 8;
const GOAL_MS = 1000;
const GIVEN_UP_MS = 15_000;

export const cardsUpdated: Measurement = {
  id: 'cards_updated_p99_ms',
  async measure() {
    const stage = await openFullStage({ accounts: CLICKS });
    try {
      await stage.start();
      await stage.prepare(CLICKS);
      const desk = new Desk(stage, await copiesOf(stage.database));
      const click = (index: number) => desk.click(index);
      await oneByOne(click, 0, WARM);
      const alone = await oneByOne(click, WARM, ONE_BY_ONE);
      const ours = await onTheBeat(click, WARM + ONE_BY_ONE, A_SECOND * SECONDS);
      await stage.settled();
      const bare = await stage.bareUpdates();
      const repeat = (index: number) => desk.repeat(index, bare);
      await oneByOne(repeat, 0, WARM);
      const theirs = await onTheBeat(repeat, WARM, A_SECOND * BARE_SECONDS);
      const [value, baseline] = [percentile(ours, 0.99), percentile(theirs, 0.99)];
      const of = (all: readonly number[]) =>
        `median ${percentile(all, 0.5).toFixed(0)} ms, longest ${Math.max(...all).toFixed(0)} ms`;
      return {
        ...{ id: 'cards_updated_p99_ms', value, baseline, unit: 'ms', goal: GOAL_MS, aim: `< ${GOAL_MS}` },
        met: value < GOAL_MS,
        notes: [
          `${ours.length} clicks, ${A_SECOND} a second, ${COPIES} copies each: ${of(ours)}`,
          `one after another: ${of(alone)}`,
          `baseline: the same updates by plain HTTP, ${of(theirs)}`,
        ],
      };
    } finally {
      await stage.close();
    }
  },
};

type Act = (index: number) => Promise<number>;

async function oneByOne(act: Act, first: number, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let index = first; index < first + times; index++) took.push(await act(index));
  return took;
}

/** Acts on the beat, whether or not the cards keep up. */
async function onTheBeat(act: Act, first: number, times: number): Promise<number[]> {
  const started = performance.now();
  const under: Promise<number>[] = [];
  for (let n = 0; n < times; n++) {
    const early = started + (n * 1000) / A_SECOND - performance.now();
    if (early > 0) await pause(early);
    under.push(act(first + n));
  }
  return Promise.all(under);
}

interface Place {
  readonly platform: 'slack' | 'teams';
  readonly place: string;
  readonly workspace: string;
  readonly channel: string;
  readonly message: string;
}

const keyOf = ({ workspace, channel, message }: Pick<Place, 'workspace' | 'channel' | 'message'>) =>
  `${workspace} ${channel} ${message}`;

/** Presses, and watches every copy of what was pressed. */
class Desk {
  /** What has to be there yet, by copy. */
  readonly #awaited = new Map<string, (updated: Updated) => void>();
  readonly #said = new Map<string, Updated>();

  constructor(
    readonly stage: FullStage,
    readonly copies: ReadonlyMap<string, readonly Place[]>,
  ) {
    stage.onUpdated((updated) => {
      const key = keyOf(updated);
      // A copy that says something else yet is no news.
      if (!/Access[+ ]granted/.test(updated.body)) return;
      this.#said.set(key, updated);
      this.#awaited.get(key)?.(updated);
    });
  }

  /** A lead presses Approve, in Slack and in Teams by turns; resolves with how long the last copy took. */
  async click(index: number): Promise<number> {
    const copies = this.#of(index);
    const inTeams = index % 2 === 1;
    const login = lead(index >> 1);
    const isOwn = (index >> 2) % 2 === 0;
    const on = copies.find(
      (copy) =>
        copy.platform === (inTeams ? 'teams' : 'slack') &&
        copy.place === (isOwn ? emailOf(login) : 'channel:requests'),
    );
    if (!on) throw new Error(`${login} has no card of ${requestId(index)}`);
    const { channel, message } = on;
    return this.#until(index, () =>
      inTeams
        ? this.stage.inTeams(
            'presses',
            TENANT,
            teamsUser(login),
            { conversation: channel, id: message },
            'Approve',
          )
        : this.stage.inSlack('click', WORKSPACE, slackUser(login), { channel, ts: message }, 'approve'),
    );
  }

  /** The same updates again, by a client that does nothing else. */
  repeat(index: number, bare: BareUpdate): Promise<number> {
    const updates = this.#of(index).map((copy) => this.#said.get(keyOf(copy)) as Updated);
    return this.#until(index, async () => {
      const answers = await Promise.all(updates.map(bare));
      for (const answer of answers) {
        if (!answer.ok) throw new Error(`an update was not taken: ${answer.status}`);
        await answer.body?.cancel();
      }
    });
  }

  #of(index: number): readonly Place[] {
    const copies = this.copies.get(requestId(index)) ?? [];
    if (copies.length !== COPIES) throw new Error(`${requestId(index)} has ${copies.length} cards`);
    return copies;
  }

  /** @throws where a copy doesn't come: it must not fall under the table. */
  async #until(index: number, act: () => Promise<void>): Promise<number> {
    const left = new Set(this.#of(index).map(keyOf));
    const started = performance.now();
    const last = new Promise<number>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`never brought for ${requestId(index)}: ${[...left].join(', ')}`)),
        GIVEN_UP_MS,
      );
      for (const key of left)
        this.#awaited.set(key, () => {
          this.#awaited.delete(key);
          left.delete(key);
          if (left.size > 0) return;
          clearTimeout(late);
          resolve(performance.now() - started);
        });
    });
    const [took] = await Promise.all([last, act()]);
    return took;
  }
}

/** Where every copy of every request's card is. */
async function copiesOf(database: Database): Promise<Map<string, Place[]>> {
  const text = `select p.subject, p.platform, p.workspace, p.channel, p.message, coalesce(h.email, p.place) as place
    from keyturn.postings p left join keyturn.people h on p.place = 'person:' || h.id
    where p.kind in ('request', 'mine') and p.message is not null`;
  const rows = await database.run<Place & { subject: string }>({ name: 'copies', text }, []);
  const copies = new Map<string, Place[]>();
  for (const { subject, ...place } of rows) copies.set(subject, [...(copies.get(subject) ?? []), place]);
  return copies;
}
