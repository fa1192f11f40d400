/** A client's colour, where a chat can only show signs. */

import type { Colour } from '../core/accounts.js';

export const SQUARE: Readonly<Record<Colour, string>> = {
  red: '🟥',
  orange: '🟧',
  yellow: '🟨',
  green: '🟩',
  blue: '🟦',
  purple: '🟪',
  brown: '🟫',
};
