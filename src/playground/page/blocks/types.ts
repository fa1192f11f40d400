/**
 * The part of Slack's Block Kit that this page renders, as a closed union. What is not in it
 * is shown as an unsupported block, so that nothing a bot sends can be dropped silently.
 */

export interface Plain {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji?: boolean;
}

export interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim?: boolean;
}

export type Text = Plain | Mrkdwn;

export interface Choice {
  readonly text: Text;
  readonly value: string;
  readonly description?: Text;
}

export interface OptionGroup {
  readonly label: Plain;
  readonly options: readonly Choice[];
}

export interface Confirm {
  readonly title: Plain;
  readonly text: Text;
  readonly confirm: Plain;
  readonly deny: Plain;
  readonly style?: 'primary' | 'danger';
}

interface Interactive {
  readonly action_id?: string;
  readonly confirm?: Confirm;
}

export interface Button extends Interactive {
  readonly type: 'button';
  readonly text: Plain;
  readonly style?: 'primary' | 'danger';
  readonly url?: string;
  readonly value?: string;
  readonly accessibility_label?: string;
}

interface Options {
  readonly options?: readonly Choice[];
  readonly option_groups?: readonly OptionGroup[];
}

export interface StaticSelect extends Interactive, Options {
  readonly type: 'static_select';
  readonly placeholder?: Plain;
  readonly initial_option?: Choice;
}

export interface ExternalSelect extends Interactive {
  readonly type: 'external_select';
  readonly placeholder?: Plain;
  readonly initial_option?: Choice;
  /** Slack asks for options from this many letters on; 3 unless told. */
  readonly min_query_length?: number;
}

export interface PlainTextInput extends Interactive {
  readonly type: 'plain_text_input';
  readonly placeholder?: Plain;
  readonly initial_value?: string;
  readonly multiline?: boolean;
  readonly min_length?: number;
  readonly max_length?: number;
}

export interface Radios extends Interactive, Options {
  readonly type: 'radio_buttons';
  readonly initial_option?: Choice;
}

export interface Checkboxes extends Interactive, Options {
  readonly type: 'checkboxes';
  readonly initial_options?: readonly Choice[];
}

export interface Image {
  readonly type: 'image';
  /** For a file of Slack's as well: the played Slack says where that is. */
  readonly image_url?: string;
  readonly alt_text: string;
  readonly title?: Plain;
}

/** What holds a value. */
export type Field = StaticSelect | ExternalSelect | PlainTextInput | Radios | Checkboxes;

export type Element = Button | Field | Image;

interface Base {
  readonly block_id?: string;
}

export interface Header extends Base {
  readonly type: 'header';
  readonly text: Plain;
}

export interface Section extends Base {
  readonly type: 'section';
  readonly text?: Text;
  /** Shown whole, however long. */
  readonly expand?: boolean;
  readonly fields?: readonly Text[];
  readonly accessory?: Element;
}

export interface Context extends Base {
  readonly type: 'context';
  readonly elements: readonly (Text | Image)[];
}

export interface Divider extends Base {
  readonly type: 'divider';
}

export interface Actions extends Base {
  readonly type: 'actions';
  readonly elements: readonly Element[];
}

export interface Input extends Base {
  readonly type: 'input';
  readonly label: Plain;
  readonly hint?: Plain;
  readonly optional?: boolean;
  readonly dispatch_action?: boolean;
  readonly element: Field;
}

export type ImageBlock = Base & Image;

export type Block = Header | Section | Context | Divider | Actions | Input | ImageBlock;
