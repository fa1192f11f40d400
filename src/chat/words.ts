/** The sentences that every chat needs. Everything about access is worded in `core/cards`. */

export const DONE = 'Done. The cards say the rest.';

export function faultSentence(reference: string): string {
  return `Something went wrong on our side, and nothing was changed unless a card says so. Reference ${reference}.`;
}
