/** How cards look in Teams. Colours are the page's own variables, so that light and dark are the style sheet's to say. */

import { HostConfig } from 'adaptivecards';

const text = (name: string) => ({
  default: `var(--t-${name})`,
  subtle: `var(--t-${name === 'ink' ? 'soft' : name})`,
});

const style = (ground: string) => ({
  backgroundColor: ground,
  foregroundColors: {
    default: text('ink'),
    dark: text('ink'),
    light: text('ink'),
    accent: text('accent'),
    good: text('good'),
    warning: text('warning'),
    attention: text('attention'),
  },
});

const font = {
  fontFamily: 'inherit',
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 300, default: 400, bolder: 600 },
};

export const HOST_CONFIG = new HostConfig({
  supportsInteractivity: true,
  spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
  separator: { lineThickness: 1, lineColor: 'var(--t-line)' },
  fontTypes: { default: font, monospace: { ...font, fontFamily: 'var(--mono)' } },
  containerStyles: Object.fromEntries(
    ['default', 'emphasis', 'accent', 'good', 'warning', 'attention'].map((name) => [
      name,
      style(name === 'default' ? 'transparent' : 'var(--t-ground)'),
    ]),
  ),
  inputs: {
    label: {
      inputSpacing: 'small',
      requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' },
      optionalInputs: { weight: 'bolder' },
    },
    errorMessage: { color: 'attention', size: 'small' },
  },
  actions: {
    // The rest stands behind the three dots, as Teams has it.
    maxActions: 6,
    spacing: 'large',
    // The style sheet parts them: they wrap.
    buttonSpacing: 0,
    allowTitleToWrap: true,
    showCard: { actionMode: 'inline', inlineTopMargin: 8 },
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
  },
});
