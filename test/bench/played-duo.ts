/** A fake Duo as a process of its own, where everybody approves what their phone asks. */

import { FakeDuo, type FakeDuoOptions } from '../../src/playground/duo/index.js';

const options = JSON.parse(process.argv[2] ?? '{}') as FakeDuoOptions;
const duo = await FakeDuo.start(options);
duo.on('change', ({ user }) => {
  for (const { txid } of duo.pending(user)) duo.allow(txid);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: duo.url, ca: duo.ca });
