/** Block Kit's composition objects: text, options, confirm. Limits: docs.slack.dev/reference/block-kit/composition-objects */
import { also, boolean, byType, listOf, object, only, type Rule, string, word } from './faults.js';

export const plain = (max: number): Rule =>
  object({ type: only('plain_text'), text: string(max, 1) }, { emoji: boolean });

const mrkdwn = (max: number): Rule =>
  object({ type: only('mrkdwn'), text: string(max, 1) }, { verbatim: boolean });

/** Either kind of text; a text object holds 1 to 3,000 characters unless its place says less. */
export const anyText = (max = 3000): Rule => byType({ plain_text: plain(max), mrkdwn: mrkdwn(max) });

/** An option: text of 75 characters, value of 150. Checkboxes and radio buttons may use mrkdwn. */
export const option = (rich: boolean, extra: Readonly<Record<string, Rule>> = {}): Rule =>
  object(
    { text: rich ? anyText(75) : plain(75), value: string(150, 1) },
    { description: rich ? anyText(75) : plain(75), ...extra },
  );

/** At most 100 options in a select, at most 100 groups of them. */
export const options = listOf(option(false), 100, 1);
export const optionGroups = listOf(object({ label: plain(75), options }), 100, 1);

/** "Are you sure?": title 100, text 300, each button 30 characters. */
export const confirm: Rule = object(
  { title: plain(100), text: anyText(300), confirm: plain(30), deny: plain(30) },
  { style: word('primary', 'danger') },
);

export const dispatchConfig: Rule = object(
  {},
  { trigger_actions_on: listOf(word('on_enter_pressed', 'on_character_entered'), 2, 1) },
);

/** A link: at most 3,000 characters, and one that a browser can open. */
export const url: Rule = (value, at, faults) => {
  string(3000, 1)(value, at, faults);
  if (typeof value === 'string' && value && !URL.canParse(value)) faults.add(at, 'must be a valid URL');
};

/** What an external select answers with: options or option_groups, not both, not neither. */
export const suggestions: Rule = also(
  object(
    {},
    {
      options: listOf(option(false), 100),
      option_groups: listOf(object({ label: plain(75), options }), 100),
    },
  ),
  (answer, at, faults) => {
    if ((answer.options === undefined) === (answer.option_groups === undefined))
      faults.add(at, 'must provide either options or option_groups');
  },
);
