/** Interactive elements and their limits: docs.slack.dev/reference/block-kit/block-elements */

import { list } from '../../values.js';
import type { Fields } from '../types.js';
import {
  also,
  boolean,
  type Faults,
  integer,
  listOf,
  object,
  only,
  pattern,
  type Rule,
  same,
  string,
  word,
} from './faults.js';
import { confirm, dispatchConfig, option, optionGroups, options, plain, url } from './objects.js';
import { optionsOf } from './parts.js';

type Rules = Readonly<Record<string, Rule>>;

const element = (type: string, required: Rules, optional: Rules): Rule =>
  object({ type: only(type), ...required }, { action_id: string(255), ...optional });

const focus = { focus_on_load: boolean };
const placeholder = { placeholder: plain(150) };
const selectBasics = { ...placeholder, ...focus, confirm };
const date = pattern(/^\d{4}-\d{2}-\d{2}$/, 'date');
const time = pattern(/^([01]\d|2[0-3]):[0-5]\d$/, 'time');
const max = { max_selected_items: integer(1, 100) };

/** What is chosen at first must be one of what can be chosen. */
function initialIsOffered(found: Fields, at: string, faults: Faults): void {
  const chosen = found.initial_option === undefined ? list(found.initial_options) : [found.initial_option];
  for (const one of chosen)
    if (!optionsOf(found).some((offered) => same(offered, one)))
      faults.add(at, 'initial option must match one of the options');
}

function optionsOrGroups(found: Fields, at: string, faults: Faults): void {
  if ((found.options === undefined) === (found.option_groups === undefined))
    faults.add(at, 'must provide either options or option_groups');
  initialIsOffered(found, at, faults);
}

const offered = { options, option_groups: optionGroups };
const some = (rule: Rule): Rule => listOf(rule, 100, 1);

const id = string(255, 1);
const conversationExtras = {
  default_to_current_conversation: boolean,
  response_url_enabled: boolean,
  filter: object(
    {},
    {
      include: listOf(word('im', 'mpim', 'private', 'public'), 4, 1),
      exclude_external_shared_channels: boolean,
      exclude_bot_users: boolean,
    },
  ),
};

const button = element(
  'button',
  { text: plain(75) },
  {
    value: string(2000),
    url,
    style: word('primary', 'danger'),
    confirm,
    accessibility_label: string(75),
  },
);

const selects: Rules = {
  static_select: also(
    element('static_select', {}, { ...offered, initial_option: option(false), ...selectBasics }),
    optionsOrGroups,
  ),
  external_select: element(
    'external_select',
    {},
    { initial_option: option(false), min_query_length: integer(0, 3000), ...selectBasics },
  ),
  users_select: element('users_select', {}, { initial_user: id, ...selectBasics }),
  channels_select: element(
    'channels_select',
    {},
    { initial_channel: id, response_url_enabled: boolean, ...selectBasics },
  ),
  conversations_select: element(
    'conversations_select',
    {},
    { initial_conversation: id, ...conversationExtras, ...selectBasics },
  ),
};

const multiSelects: Rules = {
  multi_static_select: also(
    element(
      'multi_static_select',
      {},
      { ...offered, initial_options: some(option(false)), ...max, ...selectBasics },
    ),
    optionsOrGroups,
  ),
  multi_external_select: element(
    'multi_external_select',
    {},
    { initial_options: some(option(false)), min_query_length: integer(0, 3000), ...max, ...selectBasics },
  ),
  multi_users_select: element('multi_users_select', {}, { initial_users: some(id), ...max, ...selectBasics }),
};

const choices: Rules = {
  // Ten boxes or buttons is the most either may have.
  checkboxes: also(
    element(
      'checkboxes',
      { options: listOf(option(true), 10, 1) },
      { initial_options: listOf(option(true), 10, 1), confirm, ...focus },
    ),
    initialIsOffered,
  ),
  radio_buttons: also(
    element(
      'radio_buttons',
      { options: listOf(option(true), 10, 1) },
      { initial_option: option(true), confirm, ...focus },
    ),
    initialIsOffered,
  ),
};

const dates: Rules = {
  datepicker: element('datepicker', {}, { initial_date: date, confirm, ...focus, ...placeholder }),
  timepicker: element(
    'timepicker',
    {},
    { initial_time: time, timezone: string(255), confirm, ...focus, ...placeholder },
  ),
  datetimepicker: element(
    'datetimepicker',
    {},
    { initial_date_time: integer(1e9, 9_999_999_999), confirm, ...focus },
  ),
};

const overflow: Rules = {
  overflow: element('overflow', { options: listOf(option(false, { url }), 5, 1) }, { confirm }),
};

const typing = { dispatch_action_config: dispatchConfig, ...focus, ...placeholder };

const lengths = also(
  element(
    'plain_text_input',
    {},
    {
      initial_value: string(3000),
      multiline: boolean,
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
      ...typing,
    },
  ),
  (input, at, faults) => {
    const limit = (input.max_length as number | undefined) ?? 3000;
    if (typeof input.initial_value === 'string' && input.initial_value.length > limit)
      faults.add(`${at}/initial_value`, `must be less than ${limit + 1} characters`);
    if (typeof input.min_length === 'number' && input.min_length > limit)
      faults.add(`${at}/min_length`, 'must be less than or equal to max_length');
  },
);

const decimal = pattern(/^-?\d+(\.\d+)?$/, 'number');

const inputsOnly: Rules = {
  plain_text_input: lengths,
  number_input: element(
    'number_input',
    { is_decimal_allowed: boolean },
    { initial_value: decimal, min_value: decimal, max_value: decimal, ...typing },
  ),
  email_text_input: element('email_text_input', {}, { initial_value: string(3000), ...typing }),
  url_text_input: element('url_text_input', {}, { initial_value: string(3000), ...typing }),
};

/** Where an image is: at an address, or a file of Slack's by its id or its address. */
const slackFile = also(object({}, { id: string(255, 1), url }), (found, at, faults) => {
  if ((found.id === undefined) === (found.url === undefined)) faults.add(at, 'must provide either id or url');
});
export const imageSource: Rules = { image_url: url, slack_file: slackFile };

export function oneSource(found: Fields, at: string, faults: Faults): void {
  if ((found.image_url === undefined) === (found.slack_file === undefined))
    faults.add(at, 'must provide either image_url or slack_file');
}

/** An image always says in words what it shows. */
export const image = also(object({ type: only('image'), alt_text: string(2000, 1) }, imageSource), oneSource);

export const inActions: Rules = { button, ...selects, ...choices, ...dates, ...overflow };
export const inSection: Rules = { ...inActions, ...multiSelects, image };
export const inInput: Rules = { ...inputsOnly, ...selects, ...multiSelects, ...choices, ...dates };
