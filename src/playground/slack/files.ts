/** A workspace's files: announced, uploaded, complete, looked through. docs.slack.dev/messaging/working-with-files */

import { keepNewest, newId, token } from '../values.js';

interface SlackFile {
  readonly id: string;
  readonly filename: string;
  readonly length: number;
  bytes?: Buffer;
  title?: string;
  completeAt?: number;
}

/** Pictures that a block may show: docs.slack.dev/reference/block-kit/composition-objects/slack-file-object */
const pictures: readonly (readonly [type: string, begins: Buffer])[] = [
  ['image/png', Buffer.from('89504e470d0a1a0a', 'hex')],
  ['image/jpeg', Buffer.from('ffd8ff', 'hex')],
  ['image/gif', Buffer.from('GIF8', 'latin1')],
];

const typeOf = (bytes: Buffer): string | undefined =>
  pictures.find(([, begins]) => bytes.subarray(0, begins.length).equals(begins))?.[0];

export class Files {
  readonly #files = new Map<string, SlackFile>();
  /** Where each may be put. */
  readonly #places = new Map<string, SlackFile>();

  /** @param delayMs how long Slack looks through what is complete. */
  constructor(
    readonly now: () => number,
    readonly delayMs: number,
  ) {}

  /** A file is to come, of so many bytes. */
  announce(filename: string, length: number): { readonly id: string; readonly place: string } {
    const file = { id: newId('F'), filename, length };
    const place = token(48);
    this.#files.set(file.id, file);
    this.#places.set(place, file);
    keepNewest(this.#files, 500);
    keepNewest(this.#places, 500);
    return { id: file.id, place };
  }

  /** Its bytes. False where nothing is awaited there, or not these. */
  put(place: string, bytes: Buffer): boolean {
    const file = this.#places.get(place);
    if (!file || file.completeAt !== undefined || bytes.length !== file.length) return false;
    file.bytes = bytes;
    return true;
  }

  /** Done with uploading: once, and only what has come. */
  complete(id: string, title: string): { readonly id: string; readonly title: string } | undefined {
    const file = this.#files.get(id);
    if (!file?.bytes || file.completeAt !== undefined) return undefined;
    file.completeAt = this.now();
    file.title = title || file.filename;
    return { id, title: file.title };
  }

  /** A picture that a block may show by now. */
  picture(id: string): { readonly type: string; readonly bytes: Buffer } | undefined {
    const { bytes, completeAt } = this.#files.get(id) ?? {};
    if (!bytes || completeAt === undefined || this.now() < completeAt + this.delayMs) return undefined;
    const type = typeOf(bytes);
    return type === undefined ? undefined : { type, bytes };
  }
}
