/** The fake Teams, for local mode and for tests. */
export type { Failure } from './api/limits.js';
export { faultsOf } from './cards/check.js';
export { type Action, actionsOf, type Input, inputsOf, textOf, type What } from './cards/read.js';
export * as activities from './deliver/activities.js';
export {
  ACTIVITY_TAMPERINGS,
  type ActivityTampering,
  type Tamper,
  type Tampering,
  TOKEN_TAMPERINGS,
  type TokenTampering,
} from './deliver/tamper.js';
export { FakeTeams, type Outage } from './fake-teams.js';
export type { Filling } from './human/dialogs.js';
export type { Pressing, Saying } from './human/human.js';
export { Impossible } from './human/impossible.js';
export type { Installing } from './human/membership.js';
export type { Where } from './human/reach.js';
export { somethingWrong, unreachable } from './human/seen.js';
export { botId, personalChatId, threadId, userId } from './ids.js';
export type * from './types.js';
