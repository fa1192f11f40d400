/** The part of Adaptive Cards 1.5 that we use. Whatever isn't here can't be drawn by mistake, TextBlock and its markdown first of all. */

import type { Sought } from '../../core/cards/card.js';

export interface AdaptiveCard {
  readonly type: 'AdaptiveCard';
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly version: '1.5';
  /** What a client too old for the card shows in its place. */
  readonly fallbackText: string;
  readonly body: readonly Element[];
  readonly actions?: readonly CardAction[];
}

export type Element = RichTextBlock | Image | Container | ActionSet | InputText | InputChoiceSet;

/** How a run looks. */
export interface Look {
  readonly weight?: 'Bolder';
  readonly size?: 'Small' | 'Medium';
  readonly isSubtle?: true;
  readonly fontType?: 'Monospace';
  readonly color?: 'Attention';
}

/** Shown as it is written: a run knows no markdown, no mention and no link. */
export interface TextRun extends Look {
  readonly type: 'TextRun';
  readonly text: string;
}

export interface RichTextBlock {
  readonly type: 'RichTextBlock';
  readonly inlines: readonly TextRun[];
  readonly spacing?: 'None' | 'Small';
}

/** A picture that comes within the card, so that no client asks anybody for it. */
export interface Image {
  readonly type: 'Image';
  readonly url: `data:image/png;base64,${string}`;
  readonly altText: string;
  readonly size: 'Stretch';
}

export interface Container {
  readonly type: 'Container';
  readonly id: string;
  readonly items: readonly RichTextBlock[];
  readonly spacing: 'None';
  readonly isVisible?: false;
}

export interface ActionSet {
  readonly type: 'ActionSet';
  readonly id: string;
  readonly actions: readonly ToggleVisibility[];
}

export interface ToggleVisibility {
  readonly type: 'Action.ToggleVisibility';
  readonly title: string;
  readonly targetElements: readonly string[];
}

export interface InputText {
  readonly type: 'Input.Text';
  readonly id: string;
  readonly label: string;
  readonly maxLength: number;
  readonly isMultiline?: true;
  readonly placeholder?: string;
  readonly value?: string;
  readonly isRequired?: true;
  readonly errorMessage?: string;
}

export interface InputChoiceSet {
  readonly type: 'Input.ChoiceSet';
  readonly id: string;
  readonly label?: string;
  readonly style: 'compact' | 'filtered';
  readonly choices: readonly { readonly title: string; readonly value: string }[];
  readonly 'choices.data'?: DataQuery;
  readonly placeholder?: string;
  readonly value?: string;
  readonly isRequired?: true;
  readonly errorMessage?: string;
}

/** Choices that are asked for while somebody types; the other inputs come along. */
export interface DataQuery {
  readonly type: 'Data.Query';
  readonly dataset: Sought;
  readonly associatedInputs: 'auto';
}

export type CardAction = Execute | OpenUrl;

export interface Execute {
  readonly type: 'Action.Execute';
  readonly title: string;
  readonly verb: string;
  readonly data: Readonly<Record<string, string>>;
  /** Whether what stands in the card's inputs is sent along. */
  readonly associatedInputs: 'auto' | 'none';
  readonly style?: 'positive' | 'destructive';
  readonly mode?: 'secondary';
}

export interface OpenUrl {
  readonly type: 'Action.OpenUrl';
  readonly title: string;
  readonly url: string;
  readonly mode?: 'secondary';
}

/** The envelope that every card of ours has. */
export function adaptiveCard(
  fallbackText: string,
  body: readonly Element[],
  actions: readonly CardAction[],
): AdaptiveCard {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    fallbackText,
    body,
    ...(actions.length > 0 ? { actions } : {}),
  };
}

/**
 * Microsoft has named 28, 40 and 100 KB for a bot's message over the years, in
 * UTF-16. We keep to the least, with room for the envelope around the card.
 */
export const MOST_CHARS = 12_000;

/** How long a part of a card is when it is sent. */
export function sizeOf(part: unknown): number {
  return JSON.stringify(part).length;
}
