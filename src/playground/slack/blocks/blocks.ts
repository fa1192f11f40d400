/** Blocks, and lists of them, held to Slack's limits: docs.slack.dev/reference/block-kit/blocks */
import { fields, list, text } from '../../values.js';
import { image as imageElement, imageSource, inActions, inInput, inSection, oneSource } from './elements.js';
import {
  also,
  anything,
  boolean,
  byType,
  Faults,
  listOf,
  object,
  only,
  type Rule,
  string,
} from './faults.js';
import { anyText, plain } from './objects.js';
import { elementsOf } from './parts.js';

type Rules = Readonly<Record<string, Rule>>;

const block = (type: string, required: Rules, optional: Rules = {}): Rule =>
  object({ type: only(type), ...required }, { block_id: string(255, 1), ...optional });

const contextText = { mrkdwn: anyText(), plain_text: anyText() };

const everywhere: Rules = {
  // Text of 1 to 3,000 characters, or up to ten fields of 2,000 each.
  section: also(
    block(
      'section',
      {},
      {
        text: anyText(3000),
        fields: listOf(anyText(2000), 10, 1),
        accessory: byType(inSection),
        expand: boolean,
      },
    ),
    (found, at, faults) => {
      if (found.text === undefined && found.fields === undefined)
        faults.add(at, 'missing required field: text or fields');
    },
  ),
  header: block('header', { text: plain(150) }),
  divider: block('divider', {}),
  context: block('context', { elements: listOf(byType({ ...contextText, image: imageElement }), 10, 1) }),
  actions: block('actions', { elements: listOf(byType(inActions), 25, 1) }),
  image: also(
    block('image', { alt_text: string(2000, 1) }, { ...imageSource, title: plain(2000) }),
    oneSource,
  ),
  input: block(
    'input',
    { label: plain(2000), element: byType(inInput) },
    { hint: plain(2000), optional: boolean, dispatch_action: boolean },
  ),
  rich_text: block('rich_text', { elements: listOf(anything, 100) }),
};

const inMessages = byType({ ...everywhere, markdown: block('markdown', { text: string(12_000, 1) }) });
const inViews = byType(everywhere);

/** Slack: a block_id once a message or view; an action_id once in its containing block. */
function idsOnce(blocks: readonly unknown[], at: string, faults: Faults): void {
  const seen = new Set<string>();
  blocks.forEach((item, n) => {
    const found = fields(item);
    const id = text(found.block_id);
    if (id && seen.has(id)) faults.add(`${at}/${n}/block_id`, `block_id \`${id}\` already exists`);
    seen.add(id);
    const actions = new Set<string>();
    for (const { element, at: inside } of elementsOf(found)) {
      const action = text(element.action_id);
      if (action && actions.has(action))
        faults.add(`${at}/${n}${inside}/action_id`, `action_id \`${action}\` already exists in this block`);
      actions.add(action);
    }
  });
}

/** Checks the blocks of a message: at most 50. */
export function checkMessageBlocks(blocks: unknown, at = '/blocks'): Faults {
  const faults = new Faults();
  listOf(inMessages, 50)(blocks, at, faults);
  idsOnce(list(blocks), at, faults);
  return faults;
}

/** Checks the blocks of a modal or of App Home: at most 100. */
export function checkViewBlocks(blocks: unknown, at: string, faults: Faults): void {
  listOf(inViews, 100)(blocks, at, faults);
  idsOnce(list(blocks), at, faults);
  const focused = list(blocks)
    .flatMap((item) => elementsOf(fields(item)))
    .filter(({ element }) => element.focus_on_load === true);
  if (focused.length > 1) faults.add(at, 'only one element may have focus_on_load');
}
