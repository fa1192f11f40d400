/** What somebody who is not Teams might send. Each name is one thing wrong, everything else is right. */
import { SignJWT, UnsecuredJWT } from 'jose';
import type { Fields } from '../../slack/types.js';
import { fields } from '../../values.js';
import { botFrameworkIssuer, type Keys } from '../keys.js';

/** Wrong tokens. */
export const TOKEN_TAMPERINGS = [
  'no token',
  'garbage token',
  'forged signature',
  'alg none',
  'HS256',
  'unknown kid',
  'key of another channel',
  'wrong audience',
  'wrong issuer',
  'expired',
  'not yet valid',
  'other serviceUrl claim',
] as const;

/** Activities that a rightly signed token comes with, and that still must be refused. */
export const ACTIVITY_TAMPERINGS = [
  'no serviceUrl',
  'foreign serviceUrl',
  'blank channelId',
  'no channelId',
  'other channelId',
  'other tenant',
  'no tenant',
  'blank tenant',
  'no sender',
  'no aadObjectId',
  'blank aadObjectId',
  'no conversation',
  'other recipient',
  'no timestamp',
  'old timestamp',
] as const;

export type TokenTampering = (typeof TOKEN_TAMPERINGS)[number];
export type ActivityTampering = (typeof ACTIVITY_TAMPERINGS)[number];
/** `blank text` is no forgery: a message in which nothing is said. */
export type Tampering = TokenTampering | ActivityTampering | 'blank text';
/** Or anything else done to the activity, under a right token. */
export type Tamper = Tampering | ((activity: Fields) => Fields);

export interface Minting {
  readonly keys: Keys;
  readonly appId: string;
  readonly serviceUrl: string;
  /** Seconds. */
  readonly now: number;
}

/** The `Authorization` that goes with an activity; undefined where there is none. */
export async function authorization(minting: Minting, tampering?: Tamper): Promise<string | undefined> {
  if (tampering === 'no token') return undefined;
  if (tampering === 'garbage token') return 'Bearer not.a.token';
  return `Bearer ${await mint(minting, tampering)}`;
}

async function mint(minting: Minting, tampering?: Tamper): Promise<string> {
  const { keys } = minting;
  const payload = claims(minting, tampering);
  if (tampering === 'alg none') return new UnsecuredJWT(payload).encode();
  const kid = tampering === 'unknown kid' ? keys.stranger.kid : keys.channel.kid;
  const signed = (key: keyof Keys, named = kid) =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: named, x5t: named })
      .sign(keys[key].privateKey);
  if (tampering === 'HS256') return confused(payload, keys);
  if (tampering === 'forged signature' || tampering === 'unknown kid') return signed('stranger');
  if (tampering === 'key of another channel') return signed('elsewhere', keys.elsewhere.kid);
  return signed('channel');
}

/** The public key taken as a shared secret: who verifies with whatever `alg` says is fooled. */
function confused(payload: Fields, { channel }: Keys): Promise<string> {
  const secret = channel.publicKey.export({ type: 'spki', format: 'pem' });
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: channel.kid })
    .sign(Buffer.from(secret));
}

function claims({ appId, serviceUrl, now }: Minting, tampering?: Tamper): Fields {
  // Bot Framework allows five minutes of skew, so what is wrong is wrong by far more.
  const off = tampering === 'expired' ? -7200 : tampering === 'not yet valid' ? 7200 : 0;
  return {
    iss: tampering === 'wrong issuer' ? 'https://sts.windows.net/somebody/' : botFrameworkIssuer,
    aud: tampering === 'wrong audience' ? '00000000-0000-4000-8000-0000000000ff' : appId,
    serviceurl: tampering === 'other serviceUrl claim' ? 'https://attacker.example/' : serviceUrl,
    nbf: now + off,
    iat: now + off,
    exp: now + off + 3600,
  };
}

const strangeTenant = 'ffffffff-0000-4000-8000-00000000dead';

/** The activity with one thing wrong in it. */
export function tampered(activity: Fields, tampering?: Tamper): Fields {
  if (typeof tampering === 'function') return tampering(activity);
  const without = (key: string) => {
    const { [key]: _, ...others } = activity;
    return others;
  };
  switch (tampering) {
    case 'no serviceUrl':
      return without('serviceUrl');
    case 'foreign serviceUrl':
      return { ...activity, serviceUrl: 'https://attacker.example/' };
    case 'blank channelId':
      return { ...activity, channelId: '' };
    case 'no channelId':
      return without('channelId');
    case 'other channelId':
      return { ...activity, channelId: 'directline' };
    case 'other tenant':
      return withTenant(activity, { id: strangeTenant });
    case 'no tenant':
      return withTenant(activity, undefined);
    case 'blank tenant':
      return withTenant(activity, { id: '' });
    case 'no sender':
      return without('from');
    case 'no aadObjectId':
      return withSender(activity, undefined);
    case 'blank aadObjectId':
      return withSender(activity, '');
    case 'no conversation':
      return without('conversation');
    case 'other recipient':
      return { ...activity, recipient: { ...fields(activity.recipient), id: '28:somebody-else' } };
    case 'no timestamp':
      return without('timestamp');
    case 'old timestamp':
      return { ...activity, timestamp: '2020-01-01T00:00:00.000Z' };
    case 'blank text':
      return { ...activity, text: '' };
    default:
      return activity;
  }
}

function withTenant(activity: Fields, tenant: { id: string } | undefined): Fields {
  const { tenant: _, ...channelData } = fields(activity.channelData);
  const { tenantId: _id, ...conversation } = fields(activity.conversation);
  return {
    ...activity,
    channelData: tenant ? { ...channelData, tenant } : channelData,
    conversation: tenant ? { ...conversation, tenantId: tenant.id } : conversation,
  };
}

function withSender(activity: Fields, objectId: string | undefined): Fields {
  const { aadObjectId: _, ...from } = fields(activity.from);
  return { ...activity, from: objectId === undefined ? from : { ...from, aadObjectId: objectId } };
}
