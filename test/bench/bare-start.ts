/** Node, the driver and a port: what any such process needs before it can do anything. */

import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
await pool.query('select 1');
createServer((_, res) => res.end('ready')).listen(Number(process.env.PORT), '127.0.0.1');
