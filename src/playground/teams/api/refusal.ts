/** How Microsoft says no. */

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Bot Framework's error: `{ error: { code, message } }` under an HTTP status. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  get body(): unknown {
    return { error: { code: this.code, message: this.message } };
  }
}

export const badRequest = (message: string) => new Refusal(400, 'BadArgument', message);

/** For a card that Teams can't show. */
export const badCard = (message: string) => new Refusal(400, 'BadSyntax', message);

export const unauthorized = (message = 'Authorization has been denied for this request.') =>
  new Refusal(401, 'Unauthorized', message, { 'www-authenticate': 'Bearer' });

export const noConversation = () => new Refusal(404, 'ConversationNotFound', 'Conversation not found.');

export const tooLarge = () => new Refusal(413, 'MessageSizeTooBig', 'Message size too large.');

export const tooFast = (seconds: number) =>
  new Refusal(429, 'Throttled', 'Too many requests. Wait, then try again.', {
    'retry-after': String(seconds),
  });
