/** botbuilder's adapter for one single-tenant bot: who may speak to it, and how it proves who it is. */

import { TeamsAdapter } from '@microsoft/teams-ai/lib/TeamsAdapter.js';
import type { Activity, InvokeResponse, TurnContext } from 'botbuilder';
import type { TeamsTenant } from '../../config/config.js';
import type { BotLogin } from './login.js';

const ISSUER = 'https://api.botframework.com';
const METADATA = 'https://login.botframework.com/v1/.well-known/openidconfiguration';

/** The token isn't one by which Teams speaks to this bot. */
export class NotFromTeams extends Error {
  override readonly name = 'NotFromTeams';
}

export class TenantAdapter extends TeamsAdapter {
  /** @throws where the app id is empty: botbuilder would then let everybody in. */
  constructor(
    readonly entry: TeamsTenant,
    login: BotLogin,
    metadataUrl: string = METADATA,
  ) {
    const { appId, tenant } = entry;
    if (appId.trim() === '')
      throw new Error(`chat.teams ${tenant}: app_id is empty, so nothing could be verified`);
    super(
      {
        // One setting of one's own turns all defaults off, so all of them stand here.
        MicrosoftAppId: appId,
        MicrosoftAppType: 'SingleTenant',
        MicrosoftAppTenantId: tenant,
        ValidateAuthority: 'true',
        ToChannelFromBotLoginUrl: `https://login.microsoftonline.com/${tenant}`,
        ToChannelFromBotOAuthScope: 'https://api.botframework.com',
        ToBotFromChannelTokenIssuer: ISSUER,
        ToBotFromChannelOpenIdMetadataUrl: metadataUrl,
        ToBotFromEmulatorOpenIdMetadataUrl: metadataUrl,
        OAuthUrl: 'https://token.botframework.com',
        CallerId: 'urn:botframework:azure',
      },
      {
        isValidAppId: async (id) => id === appId,
        isAuthenticationDisabled: async () => false,
        createCredentials: async () => ({
          signRequest: async (request) => {
            request.headers.set('authorization', `Bearer ${await login.token()}`);
            return request;
          },
        }),
      },
    );
  }

  /**
   * Runs `logic` for an activity whose token is Teams' own.
   * @throws {NotFromTeams} for any other, before `logic` has begun.
   */
  async take(
    authorization: string,
    activity: Activity,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<InvokeResponse | undefined> {
    if (!this.#claimsToBeTeams(authorization)) throw new NotFromTeams('the token is not Teams’ own');
    const believed = await this.botFrameworkAuthentication
      .authenticateRequest(activity, authorization)
      .catch((error: unknown) => {
        throw new NotFromTeams((error as Error).message);
      });
    // botbuilder lets the emulator speak for whoever it likes, by a token that any holder of app_password can get.
    if (believed.claimsIdentity.getClaimValue('iss') !== ISSUER)
      throw new NotFromTeams('the token is not Teams’ own');
    return this.processActivity(believed, activity, logic);
  }

  /**
   * Verifies nothing. botbuilder takes the tenant of every token it looks at for an issuer of the emulator's, for
   * ever and before any signature: a stranger could fill the memory with them.
   */
  #claimsToBeTeams(authorization: string): boolean {
    const { iss, tid } = claimsOf(authorization);
    return iss === ISSUER && (tid === undefined || tid === this.entry.tenant);
  }
}

function claimsOf(authorization: string): { readonly iss?: unknown; readonly tid?: unknown } {
  try {
    const payload = authorization.split('.')[1] ?? '';
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) ?? {};
  } catch {
    return {};
  }
}
