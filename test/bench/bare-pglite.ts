/** A fresh PGlite in a folder, and one query: what the embedded database alone takes at its first run. */

import { PGlite } from '@electric-sql/pglite';

const lite = await PGlite.create(process.argv[2] as string);
await lite.query('select 1');
console.log('ready');
await lite.close();
