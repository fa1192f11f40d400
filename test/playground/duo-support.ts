/** Asks the fake Duo by hand: signed well or badly, as anybody on the network could. */

import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:https';
import signer from '@duosecurity/duo_api/lib/duo_sig.js';
import { type JWTPayload, SignJWT } from 'jose';
import type { FakeDuo } from '../../src/playground/duo/index.js';
import { authApi, webSdk } from '../mfa/support.js';

export interface Got {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came is looked at with matchers.
  readonly json: any;
}

/** One request over TLS that trusts only the fake's authority. */
export function ask(
  duo: FakeDuo,
  method: string,
  path: string,
  { headers = {}, body = '' }: { headers?: Record<string, string>; body?: string } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(`${duo.url}${path}`, { method, headers, ...trusting(duo) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => {
        const isJson = response.headers['content-type']?.includes('json');
        const { headers, statusCode = 0 } = response;
        resolve({ status: statusCode, headers, text, json: isJson ? JSON.parse(text) : null });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Whatever the Host header says, it is this server that is spoken to. */
const trusting = (duo: FakeDuo) => ({ ca: duo.ca, agent: false as const, servername: 'localhost' });

/** A call of the Auth API, signed in v5 form; what is bent is bent after signing, but for the date. */
export function call(
  duo: FakeDuo,
  method: 'GET' | 'POST',
  path: string,
  params: Record<string, string> = {},
  {
    date = new Date().toUTCString(),
    secret = authApi.secretKey,
    headers = {} as Record<string, string>,
  } = {},
): Promise<Got> {
  const isGet = method === 'GET';
  const body = isGet ? '' : JSON.stringify(params);
  const authorization = signer.signV5(
    ...([authApi.integrationKey, secret, method, duo.host, path, isGet ? params : {}, date, body] as const),
  );
  const query = isGet ? `?${new URLSearchParams(params)}` : '';
  const all = { date, authorization, 'content-type': 'application/json', ...headers };
  return ask(duo, method, `${path}${query}`, { headers: all, body });
}

/** The same in Duo's older v2 form, where a POST is a form. */
export function callV2(
  duo: FakeDuo,
  path: string,
  params: Record<string, string>,
  { hash = 'sha512', sent = params } = {},
): Promise<Got> {
  const date = new Date().toUTCString();
  const form = (given: Record<string, string>) =>
    new URLSearchParams(Object.entries(given).sort()).toString();
  const lines = [date, 'POST', duo.host, path, form(params).replaceAll('+', '%20')];
  const signature = createHmac(hash, authApi.secretKey).update(lines.join('\n')).digest('hex');
  const credentials = Buffer.from(`${authApi.integrationKey}:${signature}`).toString('base64');
  const headers = {
    date,
    authorization: `Basic ${credentials}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  return ask(duo, 'POST', path, { headers, body: form(sent) });
}

/** A token of the Web SDK application, with claims bent; `undefined` takes one out. */
export function clientToken(
  audience: string,
  claims: JWTPayload = {},
  secret = webSdk.clientSecret,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const { clientId } = webSdk;
  const all = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: randomUUID(),
    iat: now,
    exp: now + 300,
    ...claims,
  };
  return new SignJWT(all).setProtectedHeader({ alg: 'HS512' }).sign(new TextEncoder().encode(secret));
}

export function post(duo: FakeDuo, path: string, form: Record<string, string>): Promise<Got> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return ask(duo, 'POST', path, { headers, body: new URLSearchParams(form).toString() });
}
