/** A changed configuration, and the proposal that it becomes where it makes access easier: one lead's word, until another adds theirs. */

import type { DeclaredDirectory, DigestSettings } from './directory.js';
import type { PersonId } from './people.js';

/** One thing that differs from the version in force, in words. */
export interface DifferenceLine {
  readonly text: string;
  /** Fewer approvals, longer, more people, less proof. */
  readonly loosens: boolean;
}

/** Who runs this deployment. A version that was applied before it could say has no `digest`. */
export interface Operator {
  readonly name: string;
  readonly timezone: string;
  readonly digest?: DigestSettings;
}

/** A configuration on its way to be the next version. */
export interface ConfigurationFile {
  /** As written, before any variable was filled in: it holds no secret. */
  readonly document: Readonly<Record<string, unknown>>;
  /** What it compiled to: the part that every replica goes by. */
  readonly operator: Operator;
  readonly directory: DeclaredDirectory;
  /** Of the document. */
  readonly digest: string;
  /** Of the document and of what it compiled to: two leads who confirm the same seal confirm the same. */
  readonly seal: string;
  readonly lines: readonly DifferenceLine[];
}

export type ProposalState = 'waiting' | 'applied' | 'refused' | 'stale';

export interface Proposal extends ConfigurationFile {
  readonly id: string;
  /** The version that it was compared with; over any other it is stale. */
  readonly base: number;
  readonly proposer: PersonId;
  readonly proof: string | null;
  /** The alert whose card tells of it. */
  readonly alert: string;
  readonly state: ProposalState;
  readonly at: Date;
  readonly settledAt: Date | null;
  /** Applied or refused it, never the proposer; or whose configuration took its place. */
  readonly settledBy: PersonId | null;
  readonly settledProof: string | null;
  readonly version: number;
}

export const PROPOSAL_TRANSITIONS: readonly (readonly [ProposalState | null, ProposalState])[] = [
  [null, 'waiting'],
  ['waiting', 'applied'],
  ['waiting', 'refused'],
  ['waiting', 'stale'],
];

/** What of a seal people are shown. */
export function shortSeal({ seal }: Pick<ConfigurationFile, 'seal'>): string {
  return seal.slice(0, 12);
}

export function loosens({ lines }: Pick<ConfigurationFile, 'lines'>): boolean {
  return lines.some((line) => line.loosens);
}

/** So many differences fit a card. */
const MOST_LINES = 12;

/** The differences as a card has them, those that make access easier first and marked. */
export function shownLines({ lines }: Pick<ConfigurationFile, 'lines'>): string[] {
  const easier = lines.filter((line) => line.loosens).map(({ text }) => `${text} (makes access easier)`);
  const others = lines.filter((line) => !line.loosens).map(({ text }) => text);
  const all = [...easier, ...others];
  const more = all.length - MOST_LINES;
  return more > 0 ? [...all.slice(0, MOST_LINES), `… and ${more} more`] : all;
}
