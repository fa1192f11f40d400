/** The fake Duo, for local mode and for tests. */
export { Authority, type ServerIdentity } from './certificates.js';
export { FakeDuo } from './fake-duo.js';
export type { Act, PhoneState } from './phone.js';
export { Impossible } from './pushes.js';
export type * from './types.js';
export { NoPrompt, type Prompt, type Tampering } from './universal.js';
