/**
 * Servers to speak to instead of the real ones. Whoever can point Keyturn at a server of theirs could answer for Slack
 * or Duo, so all of it is refused unless KEYTURN_ALLOW_TEST_ENDPOINTS=1.
 */

import { X509Certificate } from 'node:crypto';
import type { VariableFault } from './variables.js';

/** All absent unless they are allowed. */
export interface TestEndpoints {
  readonly allowed: boolean;
  readonly slackApiUrl?: string;
  /** The origin of a played Duo: https, since Duo's clients speak nothing else. */
  readonly duoApiUrl?: string;
  /** The certificate authority of a played Duo, in PEM: trusted instead of Duo's own. */
  readonly duoCa?: string;
  /** Where a browser finds a played Duo's prompt, without a certificate of its own. Set by local mode, by no variable. */
  readonly duoBrowserUrl?: string;
  readonly botOpenidMetadataUrl?: string;
  readonly botLoginUrl?: string;
  /** A played Teams: it is written to where no conversation has named a server yet, and no other is let in. */
  readonly botServiceUrl?: string;
}

/** How a variable is read, and where what is wrong with it goes. */
export interface VariableReader {
  /** The variable's text, or undefined when it is unset or empty. */
  text(name: string): string | undefined;
  /** The same, from the variable or from the file that NAME_FILE names. */
  textOrFile(name: string): string | undefined;
  refuse(name: string, fault: VariableFault): void;
}

/** Reads every endpoint and refuses what is not allowed or not what it should be. Never throws. */
export function readTestEndpoints(reader: VariableReader): TestEndpoints {
  const allowed = readFlag(reader);
  const slackApiUrl = readEndpoint(reader, 'SLACK_API_URL', allowed);
  const duoApiUrl = readEndpoint(reader, 'DUO_API_URL', allowed, originFault);
  const duoCa = readAuthority(reader, 'DUO_CA', allowed);
  const botOpenidMetadataUrl = readEndpoint(reader, 'BOT_OPENID_METADATA_URL', allowed);
  const botLoginUrl = readEndpoint(reader, 'BOT_LOGIN_URL', allowed);
  const botServiceUrl = readEndpoint(reader, 'BOT_SERVICE_URL', allowed);
  return {
    allowed,
    ...(slackApiUrl !== undefined && { slackApiUrl }),
    ...(duoApiUrl !== undefined && { duoApiUrl }),
    ...(duoCa !== undefined && { duoCa }),
    ...(botOpenidMetadataUrl !== undefined && { botOpenidMetadataUrl }),
    ...(botLoginUrl !== undefined && { botLoginUrl }),
    ...(botServiceUrl !== undefined && { botServiceUrl }),
  };
}

const unsetIt = 'Unset it. In tests, set KEYTURN_ALLOW_TEST_ENDPOINTS=1.';

function readFlag(reader: VariableReader): boolean {
  const name = 'KEYTURN_ALLOW_TEST_ENDPOINTS';
  const flag = reader.text(name) ?? '0';
  if (!['0', '1'].includes(flag))
    reader.refuse(name, {
      message: `${name} can only be 1.`,
      remedy: 'Write 1 in tests; unset it elsewhere.',
    });
  return flag === '1';
}

function readEndpoint(
  reader: VariableReader,
  name: string,
  allowed: boolean,
  besides: (name: string, url: URL) => VariableFault | undefined = () => undefined,
): string | undefined {
  const text = reader.text(name);
  if (text === undefined) return undefined;
  const fault = allowed ? (addressFault(name, text) ?? besides(name, new URL(text))) : forbidden(name);
  if (fault !== undefined) reader.refuse(name, fault);
  return text;
}

function forbidden(name: string): VariableFault {
  const message = `${name} is set, and whatever it points at could answer as the real service.`;
  return { message, remedy: unsetIt };
}

function addressFault(name: string, text: string): VariableFault | undefined {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return undefined;
  return { message: `${name} is not an address.`, remedy: 'Write it like http://127.0.0.1:4000/api/.' };
}

/** Only the host of Duo's address is used: a scheme or a path that would be passed over must not be believed in. */
function originFault(name: string, url: URL): VariableFault | undefined {
  if (url.protocol === 'https:' && url.href === `${url.origin}/`) return undefined;
  const message = `${name} must be https:// and a host, since Duo’s clients speak to nothing else.`;
  return { message, remedy: 'Write it like https://localhost:4000.' };
}

function readAuthority(reader: VariableReader, name: string, allowed: boolean): string | undefined {
  const set = [name, `${name}_FILE`].find((one) => reader.text(one) !== undefined);
  if (set === undefined) return undefined;
  if (!allowed) {
    const message = `${set} is set, and whoever has the key of that authority could answer as Duo.`;
    reader.refuse(set, { message, remedy: unsetIt });
    return undefined;
  }
  const text = reader.textOrFile(name);
  if (text === undefined || isCertificate(text)) return text;
  // Never quoted: what was put there by mistake may be a key.
  const message = `${name} is not a certificate in PEM.`;
  const remedy = `Give it the text from -----BEGIN CERTIFICATE----- on, or its file as ${name}_FILE.`;
  reader.refuse(name, { message, remedy });
  return undefined;
}

function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}
