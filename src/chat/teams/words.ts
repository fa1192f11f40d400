/** The few sentences that only Teams needs. Everything about access is worded in `core/cards`. */

export const UNREADABLE = 'Teams sent something that I can’t read, and nothing was changed. Try again.';
export const WORKING = 'Still working on it. The answer comes here or as a card.';
export const BELOW = 'The answer stands below.';
export const IN_OUR_CHAT = 'The answer is in your own chat with me.';
export const REQUEST_ACCESS = 'Request access';
export const OPEN_FORM = 'Whoever presses the button gets the request form, alone.';
export const NO_CHAT =
  'I can’t write to you alone. Add Keyturn to your own Teams (Apps, then Keyturn, then Add), and write to me there.';
export const BACK = 'Back';

/** After somebody's name, where others read along: no client and no request is named. */
export const INVITATION =
  'Requests wait for your decision, and I can’t write to you. Add Keyturn to your own Teams:';
