/** A card where it stands: drawn anew only when it has changed, so that what somebody types in it stays. */

import type { Action, AdaptiveCard } from 'adaptivecards';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Playground } from '../../state/playground.js';
import { usePlayground } from '../../state/use.js';
import type { Inputs, Json, TeamsOutcome } from '../../teams-contract.js';
import { ActionMenu } from './ActionMenu.js';
import { complain, drawCard, type Handlers, sentBy } from './draw.js';
import { LinkAction } from './LinkAction.js';

/** Where a card stands: in a message, or in the dialog. */
export type CardPlace =
  | { readonly conversation: string; readonly message: string }
  | { readonly dialog: true };

interface Props {
  readonly card: Json;
  readonly place: CardPlace;
  readonly label: string;
  /** Says what went wrong where nothing else does. */
  readonly onFault: (sentence: string) => void;
}

interface Menu {
  readonly actions: readonly Action[];
  readonly button: HTMLElement | undefined;
}

export function CardView({ card, place, label, onFault }: Props) {
  const [menu, openMenu] = useState<Menu>();
  const deeds = useDeeds(place, onFault);
  const box = useDrawn(card, { ...deeds, menu: (actions, button) => openMenu({ actions, button }) });
  return (
    <fieldset class="t-card" aria-label={label}>
      <div ref={box} class="t-card-box" tabIndex={-1} />
      {menu && <ActionMenu {...menu} close={() => openMenu(undefined)} />}
    </fieldset>
  );
}

/** The element that holds the drawn card. */
function useDrawn(card: Json, handlers: Handlers) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(handlers);
  latest.current = handlers;
  const held = useRef(false);
  // Each load brings the card as a new object: only its words tell whether it is another.
  const wire = useMemo(() => JSON.stringify(card), [card]);
  useLayoutEffect(() => {
    const drawn = drawCard(JSON.parse(wire) as Json, {
      press: (...given) => latest.current.press(...given),
      search: (...given) => latest.current.search(...given),
      menu: (...given) => latest.current.menu(...given),
    });
    box.current?.replaceChildren(drawn.element);
    // What had the focus is gone; who presses Tab next goes on from here.
    if (held.current) box.current?.focus({ preventScroll: true });
    return () => {
      held.current = box.current?.contains(document.activeElement) ?? false;
      drawn.release();
    };
  }, [wire]);
  return box;
}

/** What a card's buttons and searches do, as the person one is. */
function useDeeds(place: CardPlace, onFault: (sentence: string) => void) {
  const page = usePlayground();
  const busy = useRef(false);
  const send = async (action: Action, card: AdaptiveCard, what: NonNullable<ReturnType<typeof sentBy>>) => {
    if (busy.current) return;
    busy.current = true;
    action.renderedElement?.setAttribute('aria-busy', 'true');
    const outcome = await page.actInTeams({ kind: 'execute', ...place, ...what });
    action.renderedElement?.removeAttribute('aria-busy');
    busy.current = false;
    if (outcome.errors) complain(card, outcome.errors);
    else if (outcome.ok) page.feat({ pressed: action.title ?? '' });
    else tell(page, outcome, onFault);
  };
  return {
    press(action: Action, card: AdaptiveCard): void {
      const what = sentBy(action);
      if (what) void send(action, card, what);
      else if (action instanceof LinkAction && action.address) page.feat({ pressed: action.title ?? '' });
      else if (action instanceof LinkAction) onFault('This address can’t be opened.');
    },
    search: (dataset: string, query: string, inputs: Inputs): Promise<TeamsOutcome> =>
      page.actInTeams({ kind: 'search', ...place, dataset, query, inputs }),
  };
}

/** Teams says most of what goes wrong below the card, or in the dialog: once is enough. */
function tell(page: Playground, { error }: TeamsOutcome, onFault: (sentence: string) => void): void {
  const teams = page.model.teams[page.model.who.key];
  const notes = teams?.conversations.flatMap(({ messages }) => messages.map(({ note }) => note?.text)) ?? [];
  if (error === undefined || ![...notes, teams?.dialog?.error].includes(error))
    onFault(error ?? 'That did not work.');
}
