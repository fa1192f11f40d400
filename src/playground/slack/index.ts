/** The fake Slack, for local mode and for tests. */
export type { Failure } from './api/limits.js';
export type { CallRecord } from './api/web-api.js';
export { checkMessageBlocks } from './blocks/blocks.js';
export { type Pressable, pressables, readButtons, readText } from './blocks/read.js';
export { checkView } from './blocks/view.js';
export { type Bend, type Delivered, type Kind, sign } from './deliver/http-delivery.js';
export * as payloads from './deliver/payloads.js';
export { FakeSlack, type Outage } from './fake-slack.js';
export type { What } from './human/human.js';
export { isOwnPage } from './human/play-http.js';
export { Impossible, type Offered } from './human/seen.js';
export type { PageMessage, PageState } from './human/state.js';
export type * from './types.js';
