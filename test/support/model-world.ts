/** Whom and what the model knows, by first names and in seconds: the same house as in model-cast.ts, told another way. */

export interface ModelAccount {
  /** `own`: the client's own people, for whom nobody stands in. */
  readonly steps: readonly { readonly who: readonly string[]; readonly own?: true }[];
  readonly exclusive: boolean;
  readonly asks: readonly string[];
  /** The most that a grant may come to, extensions included. */
  readonly most: number;
  readonly glass?: {
    readonly may: readonly string[];
    readonly most: number;
    readonly within: number;
    readonly notify: readonly string[];
  };
  readonly escalate?: { readonly after: number; readonly to: readonly string[]; readonly mayDecide: boolean };
  readonly owner?: string;
}

export const LEADS: readonly string[] = ['Lena', 'Omar', 'Pia'];
export const SECURITY: readonly string[] = ['Sana', 'Theo'];
const SENIOR = ['Maya', ...SECURITY];
const ASKS = ['Tess', ...SENIOR, ...LEADS];
export const AUDITORS: readonly string[] = ['Aude'];
export const CONTACTS: readonly string[] = ['Noor', 'Ivy'];
export const PEOPLE: readonly string[] = [...ASKS, 'Luis', ...AUDITORS, ...CONTACTS];

/** Seven minutes never add up to any of these, nor to their sums, so a slow machine can't make the model wrong by seconds. */
export const ACCOUNTS: Readonly<Record<string, ModelAccount>> = {
  'acme/front-desk': {
    ...{ steps: [{ who: LEADS }], exclusive: true, asks: ASKS, most: 18_000, owner: 'Luis' },
    glass: { may: [...SENIOR, ...LEADS], most: 3600, within: 5400, notify: SECURITY },
  },
  'acme/shared': {
    ...{ steps: [{ who: LEADS }], exclusive: false, asks: ASKS, most: 5400, owner: 'Maya' },
    glass: { may: ['Tess'], most: 1800, within: 1800, notify: [] },
    escalate: { after: 1200, to: SENIOR, mayDecide: true },
  },
  'acme/router': {
    ...{
      steps: [{ who: LEADS }, { who: SECURITY }],
      exclusive: true,
      asks: ASKS,
      most: 14_400,
      owner: 'Theo',
    },
    escalate: { after: 1200, to: SENIOR, mayDecide: true },
  },
  'acme/safe': {
    ...{ steps: [{ who: LEADS }, { who: LEADS }], exclusive: true, asks: ASKS, most: 14_400 },
    escalate: { after: 1200, to: SECURITY, mayDecide: false },
  },
  'acme/free': { steps: [], exclusive: true, asks: ASKS, most: 7200, owner: 'Sana' },
  'delta/registrar': {
    ...{ steps: [{ who: LEADS }, { who: ['Noor'], own: true }], exclusive: true, asks: ASKS, most: 14_400 },
    glass: { may: [...LEADS, 'Noor'], most: 3600, within: 1800, notify: [] },
    escalate: { after: 1200, to: SECURITY, mayDecide: true },
  },
};
