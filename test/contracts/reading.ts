/**
 * What a human reads and can press in a card of each chat, in one form for both. How one types is the one thing that
 * is said differently: Slack's `/access link` is `link` in Teams.
 */

import { renderCard as slackCard, renderForm as slackForm } from '../../src/chat/slack/index.js';
import type { AdaptiveCard, Element, Execute, TextRun } from '../../src/chat/teams/adaptive.js';
import { renderCard as teamsCard } from '../../src/chat/teams/render.js';
import { asTypedHere } from '../../src/chat/teams/text.js';
import type { Card } from '../../src/core/cards/card.js';

export interface Read {
  readonly words: string[];
  readonly actions: ReadAction[];
}

export interface ReadAction {
  readonly act: string;
  readonly label: string;
  /** Its id, or the address that it opens. */
  readonly about: string;
  readonly choices: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: what Slack is sent is read as it is, whatever its types say.
type Loose = any;

/** @param file of Slack's, that shows the card's picture: its words are what it is for who can't see it. */
export function readSlack(card: Card, file?: string): Read {
  const { blocks } = slackCard(card, file) as Loose;
  const words = blocks.flatMap((b: Loose) => {
    if (b.type === 'actions') return [];
    if (b.type === 'image') return [b.alt_text];
    return (b.type === 'context' ? b.elements : [b.text]).flatMap(slackWords);
  });
  const actions = blocks.flatMap((b: Loose) =>
    b.type === 'actions' ? b.elements.map((e: Loose) => slackAction(b, e)) : [],
  );
  return { words: words.map(asTypedHere), actions };
}

/** A quiet line begins with its label in bold, is escaped, and may have something to be copied between backticks. */
function slackWords({ type, text }: Loose): string[] {
  const lines: string[] = text.split('\n');
  if (type !== 'mrkdwn') return lines;
  return lines.map((line) =>
    line
      .replace(/^\*(.*?)\* {2}/, '$1  ')
      .replace(/(^| {2})`(.*)`$/, '$1$2')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&'),
  );
}

function slackAction(row: Loose, element: Loose): ReadAction {
  const act = element.action_id.replace(/:\d+$/, '');
  const isMenu = element.type === 'static_select';
  return {
    act,
    label: (isMenu ? element.placeholder : element.text).text,
    about: isMenu ? row.block_id.slice(`menu:${act}:`.length) : (element.url ?? element.value),
    choices: (element.options ?? []).map((o: Loose) => `${o.text.text}=${o.value}`),
  };
}

/** Everything there is to read, with what "more" shows in the place of what it hides. */
export function readTeams({ body, actions = [] }: AdaptiveCard): Read {
  const inputs = new Map(body.flatMap((e) => (e.type === 'Input.ChoiceSet' ? [[e.id, e] as const] : [])));
  return {
    words: body.flatMap(teamsWords),
    actions: actions.map((action) => {
      if (action.type === 'Action.OpenUrl')
        return { act: 'way', label: action.title, about: action.url, choices: [] };
      const id = action.data.id ?? '';
      const menu = inputs.get(`${action.verb}:${id}`);
      return {
        act: action.verb.replace(/^choose:/, ''),
        label: action.title,
        about: id,
        choices: (menu?.choices ?? []).map((c) => `${c.title}=${c.value}`),
      };
    }),
  };
}

export function teamsWords(element: Element): string[] {
  if (element.type === 'RichTextBlock') return [element.inlines.map((run) => run.text).join('')];
  if (element.type === 'Image') return [element.altText];
  if (element.type !== 'Container' || element.id.startsWith('short-')) return [];
  return element.items.flatMap(teamsWords);
}

/** The words that are seen before anybody presses "more". */
export function seenInTeams({ body }: AdaptiveCard): string[] {
  return body.flatMap((element) => {
    if (element.type !== 'Container') return teamsWords(element);
    return element.isVisible === false ? [] : element.items.flatMap(teamsWords);
  });
}

/** What each chat sets apart as there to be copied, in order. */
export function codesOf(card: Card): { readonly slack: string[]; readonly teams: string[] } {
  const { blocks } = slackCard(card) as Loose;
  const marked = blocks.flatMap((b: Loose) => (b.text?.type === 'mrkdwn' ? b.text.text.split('\n') : []));
  return {
    slack: marked.flatMap((line: string) => /(?:^| {2})`(.*)`$/.exec(line)?.[1] ?? []),
    teams: runsOf(teamsCard(card)).flatMap((run) =>
      run.fontType === 'Monospace' ? [run.text.replace(/^ {2}/, '')] : [],
    ),
  };
}

/** Every object in something rendered that has a type. */
export function partsOf(value: unknown): { readonly type: string }[] {
  if (Array.isArray(value)) return value.flatMap(partsOf);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value ? [value as { type: string }] : [];
  return [...own, ...Object.values(value).flatMap(partsOf)];
}

export function runsOf(card: AdaptiveCard): TextRun[] {
  return partsOf(card).filter((part): part is TextRun => part.type === 'TextRun');
}

export function executesOf({ actions = [] }: AdaptiveCard): Execute[] {
  return actions.filter((action) => action.type === 'Action.Execute');
}

/** The labels, hints and choices of a form, in order, and its submit button. */
export function readSlackForm(form: Parameters<typeof slackForm>[0]): string[] {
  const view = slackForm(form) as Loose;
  const fields = view.blocks.flatMap((b: Loose) =>
    b.type === 'input'
      ? [
          b.label.text,
          ...(b.element.options ?? []).map((o: Loose) => `${o.text.text}=${o.value}`),
          ...(b.hint ? [b.hint.text] : []),
        ]
      : slackWords(b.text),
  );
  return [view.title.text, ...fields, ...(view.submit ? [view.submit.text] : [])];
}

export function readTeamsForm({ body, actions = [] }: AdaptiveCard): string[] {
  const fields = body.flatMap((element) => {
    // Slack adds this by itself to what may be left empty.
    if (element.type === 'Input.Text') return [element.label.replace(/ \(optional\)$/, '')];
    if (element.type === 'Input.ChoiceSet')
      return [element.label ?? '', ...element.choices.map((c) => `${c.title}=${c.value}`)];
    return teamsWords(element);
  });
  const submits = actions.filter((a) => a.type === 'Action.Execute' && a.verb.startsWith('submit:'));
  return [...fields, ...submits.map((a) => a.title)];
}
