/** `operator` and `mfa`. */

import { z } from 'zod';
import { anyText, exactly, secretText, shaped, some } from './shapes.js';

export const operator = exactly({
  name: shaped('name').describe('The MSP that runs Keyturn, as people know it.'),
  timezone: anyText().describe('IANA time zone of the digest and of the times on cards: America/Chicago.'),
  digest: exactly({
    at: shaped('time').default('08:00').describe('Local time of the daily message.'),
    to: some(shaped('reference')).default(['leads']).describe('Who receives it, each in their own chat.'),
  })
    .prefault({})
    .describe('The daily message.'),
}).describe('The MSP that runs Keyturn.');

const provider = z.enum(['duo_push', 'duo_universal', 'totp']);

export const mfa = exactly({
  order: some(provider).describe(
    'The first in which the person is enrolled is asked. totp needs no settings.',
  ),
  duo_push: exactly({
    host: shaped('host').describe('The API hostname of the Duo Auth API application.'),
    integration_key: anyText(),
    secret_key: secretText('DUO_SKEY'),
    verified: z
      .enum(['required', 'when-offered', 'never'])
      .default('required')
      .describe('Whether the push must show a code to type. Default: required.'),
  })
    .optional()
    .describe('Push to Duo Mobile.'),
  duo_universal: exactly({
    host: shaped('host').describe('The API hostname of the Duo Web SDK application.'),
    client_id: anyText(),
    client_secret: secretText('DUO_CLIENT_SECRET'),
  })
    .optional()
    .describe('The Duo Universal Prompt in a browser.'),
}).describe('How people prove that it is they.');
