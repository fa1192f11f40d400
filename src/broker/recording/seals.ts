/** Pieces and commands under their client's data key, each bound to its place: at another it doesn't open. */

import { Secret } from '../../config/secret.js';
import type { SecretBinding } from '../../vault/vault.js';

/** The vault, as recordings need it. */
export interface Seals {
  seal(secret: Secret, bound: SecretBinding): Promise<string>;
  open(sealed: string, bound: SecretBinding): Promise<Secret>;
}

/** A piece, counted from 1; 0 is the command that the channel runs. */
export interface PiecePlace {
  readonly client: string;
  readonly session: string;
  readonly channel: number;
  readonly n: number;
}

export function sealPiece(seals: Seals, text: string, place: PiecePlace): Promise<string> {
  return seals.seal(new Secret(text), boundTo(place));
}

/** @throws where it was altered, or is another place's. */
export async function openPiece(seals: Seals, sealed: string, place: PiecePlace): Promise<string> {
  return (await seals.open(sealed, boundTo(place))).reveal();
}

/** No account's id has a colon in it. */
function boundTo({ client, session, channel, n }: PiecePlace): SecretBinding {
  return { client, account: `recording:${session}:${channel}`, version: n };
}
