/** The page behind a link, as its own script speaks to the server. */

import { newToken } from '../../src/web/token.js';

/** What a page of ours answered. */
export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read the answer as the page's script would
  readonly body: any;
}

/** A browser that opened a link: speaks to us as the page's own script does. */
export class Browser {
  /** Tells this browser from every other; it never leaves it but to the page's own server. */
  readonly #nonce: string;

  constructor(
    readonly address: string,
    nonce = newToken(),
  ) {
    this.#nonce = nonce;
  }

  /** The same browser and the same link, taken to another page. */
  at(path: string): Browser {
    const url = new URL(this.address);
    url.pathname = path;
    return new Browser(url.href, this.#nonce);
  }

  /** Somebody else's browser, at the same address. */
  another(): Browser {
    return new Browser(this.address);
  }

  look = () => this.posts('look');
  ask = () => this.posts('ask');
  status = () => this.posts('status');
  /** `through`: another process, behind the same public address. */
  claim = (through?: string) => this.posts('claim', {}, through);
  enter = (password: string) => this.posts('enter', { password });

  /** Waits until the page asks the holder in this way; what it says then. */
  async isAsked(by: string): Promise<{ by: string; number?: string; code?: string; says?: string }> {
    return (await this.#until((body) => body.confirm?.by === by)).confirm;
  }

  /** Waits until the holder's factor has let this browser in. */
  async isLetIn(): Promise<void> {
    await this.#until((body) => body.state === 'confirmed');
  }

  async #until(isSo: (body: Answered['body']) => boolean): Promise<Answered['body']> {
    for (let n = 0; ; n++) {
      const { body } = await this.status();
      if (isSo(body)) return body;
      if (n > 400) throw new Error(`the page never came so far: ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async posts(act: string, more: object = {}, through?: string): Promise<Answered> {
    const response = await this.#sends(act, more, through);
    return { status: response.status, body: await response.json() };
  }

  /** The same for what comes as a file. */
  async file(act: string, more: object): Promise<{ readonly status: number; readonly text: string }> {
    const response = await this.#sends(act, more);
    // As it is: `text()` would drop the mark at its beginning.
    return { status: response.status, text: Buffer.from(await response.arrayBuffer()).toString('utf8') };
  }

  /** What comes in parts for a while: waits until all that came so far is so. @throws where it ends or breaks off before. */
  follows(act: string, more: object): { until(isSo: (text: string) => boolean): Promise<string> } {
    const opened = this.#sends(act, more).then((response) => response.body?.getReader());
    const decoder = new TextDecoder();
    let text = '';
    return {
      until: async (isSo) => {
        const reader = await opened;
        while (!isSo(text)) {
          const read = await reader?.read();
          if (!read || read.done) throw new Error(`it ended with: ${text}`);
          text += decoder.decode(read.value, { stream: true });
        }
        return text;
      },
    };
  }

  #sends(act: string, more: object, through?: string): Promise<Response> {
    const url = new URL(this.address);
    const headers = {
      origin: url.origin,
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      'x-keyturn': '1',
    };
    const token = url.hash.slice(1);
    const body = JSON.stringify({ act, token, browser: this.#nonce, ...more });
    const at = through === undefined ? url : new URL(url.pathname, through);
    return fetch(at, { method: 'POST', headers, body });
  }
}
