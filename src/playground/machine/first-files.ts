/** What lies on the played server at the beginning: a small web shop, and its logs. */

import { Files } from './files.js';

export const MOTD = `Welcome to web1, web server of Acme Dental’s shop.

This machine is played by Keyturn: nothing here is
real, and nothing touches your own computer.
Type help for what it knows.
`;

export function firstFiles(): Files {
  return new Files(
    {
      '/etc/hostname': 'web1\n',
      '/etc/motd': MOTD,
      '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm), played"\nID=debian\n',
      '/etc/hosts': '127.0.0.1\tlocalhost\n10.20.0.11\tweb1\n10.20.0.21\tdb1\n',
      '/etc/nginx/nginx.conf': NGINX,
      '/root/todo.txt': 'renew the shop’s certificate before the 30th\nask Acme for the new logo\n',
      '/home/deploy/deploy.log': 'shop 4.2.0 deployed\nshop 4.2.1 deployed\n',
      '/var/log/nginx/access.log': Array.from({ length: 40 }, (_, n) => accessLine(n)).join(''),
      '/var/log/nginx/error.log':
        '2026/01/12 08:14:03 [warn] 812#812: conflicting server name "shop.acme.example" on 0.0.0.0:80, ignored\n',
      '/var/www/shop/index.html': '<!doctype html>\n<title>Acme Dental</title>\n<h1>Floss, and more</h1>\n',
      '/var/www/shop/prices.csv': 'article,price\nfloss,2.90\nbrush,4.50\nmirror,12.00\n',
    },
    ['/tmp', '/home/deploy', '/root', '/var/backups'],
  );
}

const NGINX = `user www-data;
worker_processes auto;

http {
    server {
        listen 80;
        server_name shop.acme.example;
        root /var/www/shop;
        access_log /var/log/nginx/access.log;
    }
}
`;

const PATHS = ['/', '/cart', '/floss', '/brush', '/img/logo.svg', '/checkout', '/mirror', '/contact'];
const STATUSES = [200, 200, 304, 200, 200, 302, 200, 404];

/** One line of the shop's access log; each number has its own. */
export function accessLine(n: number, at = new Date()): string {
  const path = PATHS[(n * 5) % PATHS.length];
  const status = STATUSES[(n * 3) % STATUSES.length];
  const time = at.toISOString().replace(/\.\d+Z$/, 'Z');
  return `10.20.3.${(n * 37) % 200} - - [${time}] "GET ${path} HTTP/1.1" ${status} ${300 + ((n * 977) % 9_000)}\n`;
}
