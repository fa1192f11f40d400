/** What blocks need of whatever they stand in: a message, a form, the home. */

import { createContext } from 'preact';
import { useContext, useRef, useState } from 'preact/hooks';
import type { NameOf } from '../mrkdwn/Mrkdwn.js';
import type { Act, ElementState, Outcome, Place, Values } from '../slack-contract.js';
import { useModel, usePlayground } from '../state/use.js';
import type { Button, Confirm } from './types.js';
import type { Placed } from './values.js';

export interface Host {
  readonly nameOf: NameOf;
  readonly errors: Readonly<Record<string, string>>;
  readonly touched: Values;
  /** The action that is on its way, as `blockId actionId`. */
  readonly busy: string | undefined;
  readonly asking: { readonly confirm: Confirm; readonly answer: (yes: boolean) => void } | undefined;
  press(blockId: string, button: Button): Promise<void>;
  /** Keeps what a field holds; `dispatch` also tells the bot. */
  set(field: Placed, state: ElementState, dispatch: boolean): Promise<void>;
  search(blockId: string, actionId: string, value: string): Promise<Outcome>;
}

export const HostContext = createContext<Host | undefined>(undefined);

/** The host around this block. */
export function useHost(): Host {
  const host = useContext(HostContext);
  if (!host) throw new Error('There is no host around this block.');
  return host;
}

/** Makes a host for blocks in one place; `given` is what its fields hold already. */
export function useHostFor(place: Place, given: Values = {}): Host {
  const page = usePlayground();
  const nameOf = useNames();
  const [touched, touch] = useState<Values>(given);
  const [busy, setBusy] = useState<string>();
  const [asking, ask] = useState<Host['asking']>();
  /** Fields of a form that Slack holds back until something is pressed or sent. */
  const silent = useRef(new Map<string, Act>());

  const confirmed = async (confirm: Confirm | undefined): Promise<boolean> => {
    if (!confirm) return true;
    const yes = await new Promise<boolean>((answer) => ask({ confirm, answer }));
    ask(undefined);
    return yes;
  };
  /** The bot hears of a form's state with every press: it must be what the form shows. */
  const settle = async () => {
    const waiting = [...silent.current.values()];
    silent.current.clear();
    for (const act of waiting) await page.act(act);
  };
  const send = async (act: Act, key: string): Promise<boolean> => {
    setBusy(key);
    await settle();
    const outcome = await page.act(act);
    setBusy(undefined);
    if (!outcome.ok) page.say(outcome.error ?? 'That did not work.');
    return outcome.ok;
  };

  return {
    nameOf,
    errors: {},
    touched,
    busy,
    asking,
    async press(blockId, button) {
      if (busy || !(await confirmed(button.confirm))) return;
      const actionId = button.action_id ?? '';
      const done = await send({ kind: 'click', ...place, blockId, actionId }, `${blockId} ${actionId}`);
      if (done) page.feat({ pressed: button.text.text });
    },
    async set({ blockId, actionId, field }, state, dispatch) {
      if (dispatch && !(await confirmed(field.confirm))) return;
      touch((before) => ({ ...before, [blockId]: { ...before[blockId], [actionId]: state } }));
      const key = `${blockId} ${actionId}`;
      const act: Act = { kind: 'select', ...place, blockId, actionId, ...chosen(state) };
      silent.current.delete(key);
      if (dispatch) await send(act, key);
      else if ('viewId' in place) silent.current.set(key, act);
    },
    async search(blockId, actionId, value) {
      await settle();
      return page.act({ kind: 'options', ...place, blockId, actionId, value });
    },
  };
}

function chosen(state: ElementState) {
  if (state.selected_options) return { selectedOption: state.selected_options };
  if (state.selected_option !== undefined) return { selectedOption: state.selected_option };
  return { value: state.value ?? null };
}

/** Names of the people and channels that the page knows, whoever one is now. */
export function useNames(): NameOf {
  const { cast, slack } = useModel();
  return (id) =>
    cast.people.find((person) => person.user === id)?.name ??
    Object.values(slack)
      .flatMap(({ channels }) => channels)
      .flatMap((channel) => [channel, ...channel.messages.map(({ from }) => from)])
      .find((named) => named.id === id)?.name;
}
