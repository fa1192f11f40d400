/** The keys that Teams and Microsoft's login sign with, and how they are published. */
import { generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, type JWK } from 'jose';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JWK;
}

export interface Keys {
  /** What Teams signs activities with. */
  readonly channel: SigningKey;
  /** Published too, but endorsed for another channel than Teams. */
  readonly elsewhere: SigningKey;
  /** What the login endpoint signs the bot's own tokens with. */
  readonly login: SigningKey;
  /** A stranger's: published nowhere. */
  readonly stranger: SigningKey;
}

async function makeKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { kid: randomUUID(), privateKey, publicKey, jwk: await exportJWK(publicKey) };
}

let made: Promise<Keys> | undefined;

/** Four RSA keys take a moment: a process makes them once. */
export function theKeys(): Promise<Keys> {
  made ??= Promise.all([makeKey(), makeKey(), makeKey(), makeKey()]).then(
    ([channel, elsewhere, login, stranger]) => ({ channel, elsewhere, login, stranger }),
  );
  return made;
}

/** Bot Framework's JWKS: beside each key the channels that it may speak for. */
export function publishedKeys(keys: Keys): { keys: (JWK & { endorsements: string[] })[] } {
  const published = ({ kid, jwk }: SigningKey, ...endorsements: string[]) => ({
    ...jwk,
    use: 'sig',
    alg: 'RS256',
    kid,
    x5t: kid,
    endorsements,
  });
  return { keys: [published(keys.channel, 'msteams'), published(keys.elsewhere, 'directline')] };
}

/**
 * Where a bot learns who may speak to it.
 * learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 */
export const metadata = (url: string) => ({
  issuer: botFrameworkIssuer,
  authorization_endpoint: 'https://invalid.botframework.com',
  jwks_uri: `${url}/v1/.well-known/keys`,
  id_token_signing_alg_values_supported: ['RS256'],
  token_endpoint_auth_methods_supported: ['private_key_jwt'],
});

export const botFrameworkIssuer = 'https://api.botframework.com';
