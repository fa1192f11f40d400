/**
 * A card's picture as a file in Slack: uploaded once for all copies, shared with nobody by itself, named by the cards.
 * docs.slack.dev/messaging/working-with-files, docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
 */

import type { webApi } from '@slack/bolt';
import type { Logger } from 'pino';
import type { DaysPicture } from '../../core/cards/card.js';
import { TryLater } from '../chat.js';
import { drawPicture } from '../picture.js';
import { mayPass, outboxError, slackWord } from './failures.js';
import { oneLine, trimmed } from './text.js';

const TIMEOUT_MS = 5000;
/** Slack looks an upload through before a message may show it, mostly for some seconds. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_SECONDS = 3;
/** For the copies of one card, and for trying them again. Later the file may be gone. */
const KEPT_MS = 600_000;

export interface PicturesOptions {
  readonly team: string;
  /** One try of each call. */
  readonly web: webApi.WebClient;
  readonly log: Logger;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** One picture's way into Slack. */
interface Way {
  readonly since: number;
  /** Null where it has to be uploaded, perhaps once more. */
  file: Promise<string> | null;
  /** When it first didn't work. */
  troubleSince: number | null;
  warned: boolean;
}

/** The pictures of one workspace. Each holds up its card for a minute at most; then the card goes without. */
export class Pictures {
  readonly #ways = new Map<string, Way>();

  constructor(readonly options: PicturesOptions) {}

  /**
   * The id of the file that shows it; null where the card goes without, and the log says why and what to do.
   * @throws {TryLater} while it may still work.
   */
  async fileOf(picture: DaysPicture): Promise<string | null> {
    const way = this.#wayOf(picture);
    const file = way.file ?? this.#upload(picture);
    way.file = file;
    try {
      return await file;
    } catch (error) {
      if (way.file === file) way.file = null;
      return this.#without(way, whyNot(error), mayPass(error) ? outboxError(error) : null);
    }
  }

  /**
   * Slack didn't take a message that names the file: it may not be through with it.
   * @returns null where the card goes without, like {@link fileOf}.
   * @throws {TryLater} while it may still work.
   */
  refused(picture: DaysPicture): null {
    const later = new TryLater('Slack isn’t through with a picture yet', LOOK_AGAIN_SECONDS);
    return this.#without(
      this.#wayOf(picture),
      'Slack can’t show the file that it took (invalid_blocks)',
      later,
    );
  }

  #wayOf(picture: DaysPicture): Way {
    const now = this.options.now();
    for (const [key, { since }] of this.#ways) if (now - since > KEPT_MS) this.#ways.delete(key);
    const key = JSON.stringify(picture);
    const way = this.#ways.get(key) ?? { since: now, file: null, troubleSince: null, warned: false };
    this.#ways.set(key, way);
    return way;
  }

  #without(way: Way, why: string, later: unknown): null {
    const { log, now, team } = this.options;
    way.troubleSince ??= now();
    if (later !== null && now() - way.troubleSince < PATIENCE_MS) throw later;
    if (!way.warned) log.warn({ team }, `a card goes without its picture: ${why}`);
    way.warned = true;
    return null;
  }

  async #upload(picture: DaysPicture): Promise<string> {
    const { web } = this.options;
    const png = await drawPicture(picture);
    const { upload_url: url, file_id: id } = await web.files.getUploadURLExternal({
      filename: 'days.png',
      length: png.length,
    });
    if (!url || !id) throw new Error('Slack said neither where to put a picture nor what it is called');
    await sendBytes(ofSlack(url, web.slackApiUrl), png);
    // The type lets Slack show it before it is through with it.
    const title = trimmed(oneLine(picture.title), 100);
    await web.files.completeUploadExternal({ files: [{ id, title, highlight_type: 'png' }] });
    return id;
  }
}

/** No token goes along, but what one operator does is nobody else's business: only over TLS, or to the API's own host. */
function ofSlack(url: string, apiUrl: string): string {
  const { protocol, origin } = new URL(url);
  if (protocol !== 'https:' && origin !== new URL(apiUrl).origin)
    throw new Error('Slack wants a picture put where the connection isn’t secret');
  return url;
}

/** @throws {TryLater} where they didn't arrive: whether that can change, only time tells. */
async function sendBytes(url: string, png: Buffer): Promise<void> {
  const answered = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(png),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
    .then(async (response) => {
      await response.arrayBuffer();
      return response.ok ? null : `answers with ${response.status}`;
    })
    .catch((error: Error) => `can’t be reached: ${error.message}`);
  // Its host is another than that of messages, which may well be there.
  if (answered !== null) throw new TryLater(`${new URL(url).host} ${answered}`, LOOK_AGAIN_SECONDS);
}

/** What went wrong, and what to do about it where somebody can. */
function whyNot(error: unknown): string {
  const word = slackWord(error);
  if (word === 'missing_scope')
    return 'missing_scope: add files:write to the app, as manifests/slack.yaml has it, and install it again';
  return word === null ? (error as Error).message : `Slack answers with ${word}`;
}
