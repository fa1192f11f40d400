/** What the page and the two servers behind it say to each other: the playground's own side. */

interface Member {
  /** Short and stable: `tess`. It names the person in the address (`#tess`) and in the guide. */
  readonly key: string;
  readonly name: string;
  /** Who that is, in a few words: `technician (L2)`. */
  readonly caption: string;
  /** Their id in their chat; in Teams, their object id in the directory. */
  readonly user: string;
  /** Their name in Duo; left out where no phone is played for them. */
  readonly duo?: string;
  /** A colour name of keyturn.yaml, or `#rrggbb`. */
  readonly colour: string;
}

export interface SlackMember extends Member {
  readonly chat: 'slack';
  readonly team: string;
}

export interface TeamsMember extends Member {
  readonly chat: 'teams';
  readonly tenant: string;
}

/** Somebody the newcomer can be. */
export type CastMember = SlackMember | TeamsMember;

/** What moves the guide on to its next step. */
export type Milestone =
  /** The step's own person pressed a button of this label. */
  | { readonly pressed: string }
  /** A button of this label has arrived in somebody's chat. */
  | { readonly appears: string; readonly to: string }
  /** No button of this label is left in somebody's chat. */
  | { readonly goes: string; readonly from: string }
  | { readonly opened: 'audit' };

/** One thing to try, by one person. */
export interface GuideStep {
  /** The key of the cast member who does it. */
  readonly as: string;
  /** One sentence; `code` in backquotes. */
  readonly text: string;
  /** A line that the guide offers to type. */
  readonly type?: string;
  readonly until: Milestone;
}

/** One line of the composer's hints. */
export interface CommandHint {
  /** What one types after `/access` in Slack, and alone in Teams, with `<…>` where something of one's own goes. */
  readonly usage: string;
  readonly does: string;
}

/** Who can be played, and what there is to try. */
export interface Cast {
  readonly title: string;
  readonly people: readonly CastMember[];
  /** The guide. */
  readonly tryNext: readonly GuideStep[];
  /** What can be typed: after `/access` in Slack, alone in Teams. */
  readonly commands: readonly CommandHint[];
  readonly version: string;
}

/** One row of the audit trail, ready to read. */
export interface AuditEvent {
  readonly chain: string;
  readonly seq: number;
  /** ISO time. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string | Readonly<Record<string, unknown>> | null;
}

/** The newest events first, and whether every chain is whole. */
export interface AuditView {
  readonly whole: boolean;
  readonly events: readonly AuditEvent[];
}
