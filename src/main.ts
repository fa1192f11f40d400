#!/usr/bin/env node
/** Start and stop, nothing else: what is to be done stands in cli/. */

import { run } from './cli/run.js';

process.exitCode = await run(process.argv.slice(2));
