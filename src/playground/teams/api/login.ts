/** Microsoft's login, as far as a bot needs it: a token for its own credentials, and reading that token again. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { botFrameworkIssuer, type Keys } from '../keys.js';
import type { Tenant } from '../tenant.js';
import { type Reply, unauthorized } from './refusal.js';

export interface LoginContext {
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly keys: Keys;
  readonly now: () => number;
}

const lifetime = 3599;

const digest = (word: string) => createHash('sha256').update(word).digest();

const aadError = (status: number, error: string, number: number, description: string): Reply => ({
  status,
  body: { error, error_description: `AADSTS${number}: ${description}`, error_codes: [number] },
});

/** `POST /{tenant}/oauth2/v2.0/token`. A single-tenant bot logs in at its own tenant and nowhere else. */
export async function login(context: LoginContext, tenantId: string, form: URLSearchParams): Promise<Reply> {
  const clientId = form.get('client_id') ?? '';
  const tenant = context.tenants.get(tenantId);
  if (!tenant) return aadError(400, 'invalid_request', 90002, `Tenant '${tenantId}' not found.`);
  if (form.get('grant_type') !== 'client_credentials')
    return aadError(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
  if (clientId !== tenant.appId)
    return aadError(400, 'unauthorized_client', 700016, `Application '${clientId}' was not found here.`);
  const secret = form.get('client_secret') ?? '';
  if (!timingSafeEqual(digest(secret), digest(tenant.options.bot.appPassword)))
    return aadError(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
  if (form.get('scope') !== `${botFrameworkIssuer}/.default`)
    return aadError(400, 'invalid_scope', 70011, 'The provided value for scope is not valid.');
  const access_token = await botToken(context, tenant);
  return {
    status: 200,
    body: { token_type: 'Bearer', expires_in: lifetime, ext_expires_in: lifetime, access_token },
  };
}

const issuerOf = (tenant: string): string => `https://sts.windows.net/${tenant}/`;

function botToken({ keys, now }: LoginContext, tenant: Tenant): Promise<string> {
  const seconds = Math.floor(now() / 1000);
  return new SignJWT({ appid: tenant.appId, tid: tenant.id, ver: '1.0' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: keys.login.kid })
    .setIssuer(issuerOf(tenant.id))
    .setAudience(botFrameworkIssuer)
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + lifetime)
    .sign(keys.login.privateKey);
}

/** Whose bot is calling, by its bearer token. Issuer, audience, app and time are checked. */
export async function caller(context: LoginContext, header: string | undefined): Promise<Tenant> {
  const token = /^Bearer (\S+)$/i.exec(header ?? '')?.[1];
  if (!token) throw unauthorized();
  try {
    const { payload } = await jwtVerify(token, context.keys.login.publicKey, {
      algorithms: ['RS256'],
      audience: botFrameworkIssuer,
      currentDate: new Date(context.now()),
      requiredClaims: ['exp', 'iss', 'appid', 'tid'],
    });
    const tenant = context.tenants.get(String(payload.tid));
    if (!tenant || payload.iss !== issuerOf(tenant.id) || payload.appid !== tenant.appId)
      throw unauthorized();
    return tenant;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw unauthorized('The token has expired.');
    if (error instanceof errors.JOSEError) throw unauthorized();
    throw error;
  }
}
