/**
 * What runs at the target: constant texts for any /bin/sh. What varies comes as `$1`, `$2`, …, checked before; a secret
 * comes on standard input alone, and never in an argument, where `ps` would show it.
 */

import type { Trouble } from '../connector.js';

/** How a script says what is wrong: its exit code, the trouble, and the sentence after the system’s name. */
export const EXITS: Readonly<Record<number, readonly [Trouble, string]>> = {
  80: [
    'not-allowed',
    'the login with which Keyturn signs in isn’t root there. Give it sudo, or set sudo: true',
  ],
  81: ['missing', 'there is no such login. Make it there, or correct username in keyturn.yaml'],
  82: ['missing', 'there is no such group. Make it there, or correct group in keyturn.yaml'],
  83: [
    'refused',
    'a login of that name is there which Keyturn didn’t make. Look whose it is; Keyturn leaves it alone',
  ],
  84: [
    'refused',
    'the login is locked there, and a new password would unlock it. Unlock it (usermod -U), or leave it out of keyturn.yaml',
  ],
  85: ['refused', 'the group is the login’s own first group, which can’t be lent. Lend another'],
  86: ['unreachable', 'what came over the line wasn’t whole, and nothing was changed. Keyturn tries again'],
  87: [
    'refused',
    'the login’s authorized_keys is a link, or can’t be written by the login. Make it a plain file of theirs',
  ],
  88: ['unreachable', 'somebody else changed authorized_keys at the same moment. Keyturn tries again'],
  89: [
    'refused',
    'its /bin/sh lacks a printf of its own, without which a password would show in ps. Use dash, bash or busybox there',
  ],
};

const AS_ROOT = `
[ "$(id -u)" = 0 ] || exit 80
`;

/** A script whose connection broke may still run: the next one waits for it. */
const ALONE = `
if command -v flock >/dev/null; then exec 9>>/run/keyturn.lock && flock -w 20 9 || exit 86; fi
`;

/** Reads the one line that is a password before anything is changed: half a line, or none, is a broken connection. */
const READ_PASSWORD = `
[ "$(command -v printf)" = printf ] || exit 89
IFS= read -r password || exit 86
`;
const SET_PASSWORD = `printf '%s:%s\\n' "$1" "$password" | chpasswd`;

/** `$1` login. */
export const CHANGE_PASSWORD = `${AS_ROOT}${READ_PASSWORD}${ALONE}
getent passwd "$1" >/dev/null || exit 81
case "$(getent shadow "$1" | cut -d: -f2)" in '!'*'$'*) exit 84 ;; esac
${SET_PASSWORD} || exit 1
`;

/** `$1` login, `$2` group. Prints the login’s groups. */
export const LEND = `${AS_ROOT}${ALONE}
getent passwd "$1" >/dev/null || exit 81
getent group "$2" >/dev/null || exit 82
[ "$(id -gn "$1")" != "$2" ] || exit 85
usermod -aG "$2" "$1" || exit 1
id -nG "$1"
`;

/** Who a login made for a grant belongs to: the first part of its GECOS field. */
const MARKED = `
marked() { [ "$(getent passwd "$1" | cut -d: -f5 | cut -d, -f1)" = "Keyturn $2" ]; }
`;

/** `$1` login, `$2` grant, `$3` day on which it expires, `$4` group. Prints the login’s groups. */
export const MAKE = `${AS_ROOT}${READ_PASSWORD}${ALONE}${MARKED}
getent group "$4" >/dev/null || exit 82
shell=/bin/sh; [ ! -x /bin/bash ] || shell=/bin/bash
if getent passwd "$1" >/dev/null; then
  marked "$1" "$2" || exit 83
  usermod -e "$3" -aG "$4" "$1" || exit 1
else
  useradd -m -s "$shell" -c "Keyturn $2" -e "$3" -G "$4" "$1" || exit 1
fi
${SET_PASSWORD} || exit 1
id -nG "$1"
`;

/**
 * `doomed uid gid pattern` prints the processes to end, and all that they started: those of the user `uid` that hold the
 * group `gid` (where given), and whose command line fits `pattern` (where given). Never what this script itself runs under.
 * All of them are stopped, looked up again until no new one comes up, and then killed, so that none gets away by forking.
 */
const END = `
doomed() {
  { [ -z "$3" ] || grep -alE "$3" /proc/[0-9]*/cmdline 2>/dev/null | sed 's|^/proc/|Seed: |; s|/cmdline$||'
    cat /proc/[0-9]*/status 2>/dev/null; } | awk -v uid="$1" -v gid="$2" -v titled="\${3:+yes}" -v self=$$ '
    $1 == "Seed:" { seed[$2] = 1 }
    $1 == "State:" { state = $2 }
    $1 == "Pid:" { pid = $2; if (state != "Z") lives[pid] = 1 }
    $1 == "PPid:" { parent[pid] = $2 }
    $1 == "Uid:" { own = ($2 == uid || $3 == uid || $4 == uid) }
    $1 == "Groups:" && own && (titled == "" || pid in seed) {
      if (gid == "") doomed[pid] = 1
      for (i = 2; i <= NF; i++) if ($i == gid) doomed[pid] = 1
    }
    END {
      for (p = self; p > 1 && p in parent; p = parent[p]) { skip[p] = 1; delete doomed[p] }
      do {
        more = 0
        for (p in lives) if (!(p in doomed) && !(p in skip) && parent[p] in doomed) { doomed[p] = 1; more = 1 }
      } while (more)
      for (p in doomed) if (p in lives) printf "%s ", p
    }'
}
end_all() {
  before=none; tries=0; all=$(doomed "$@")
  while [ -n "$all" ] && [ "$all" != "$before" ] && [ $tries -lt 10 ]; do
    kill -STOP $all 2>/dev/null; before=$all; tries=$((tries + 1)); all=$(doomed "$@")
  done
  ended=$(echo $all | wc -w)
  tries=0
  while [ -n "$all" ] && [ $tries -lt 40 ]; do
    kill -KILL $all 2>/dev/null; sleep 0.05; tries=$((tries + 1)); all=$(doomed "$@")
  done
  left=$(echo $all | wc -w)
}
`;

/** `$1` login, `$2` group. Prints how many processes held the group and were ended, how many still do, and the login’s groups. */
export const TAKE_BACK = `${AS_ROOT}${ALONE}${END}
gid=$(getent group "$2" | cut -d: -f3); uid=$(id -u "$1" 2>/dev/null)
if [ -z "$gid" ] || [ -z "$uid" ]; then echo 0 0; exit 0; fi
[ "$(id -gn "$1")" != "$2" ] || exit 85
case " $(id -nG "$1") " in *" $2 "*) gpasswd -d "$1" "$2" >&2 || exit 1 ;; esac
if [ "$uid" = 0 ]; then ended=0 left=0; else end_all "$uid" "$gid" ''; fi
echo $ended $left $(id -nG "$1")
`;

/** `$1` login, `$2` grant. Prints how many processes were ended, `gone` or `there`, and what is left of the home. */
export const REMOVE = `${AS_ROOT}${ALONE}${MARKED}${END}
entry=$(getent passwd "$1") || { echo 0 gone; exit 0; }
marked "$1" "$2" || exit 83
uid=$(id -u "$1"); home=$(echo "$entry" | cut -d: -f6)
usermod -L -e 1 "$1" || exit 1
[ "$uid" -ge 500 ] || exit 83
! command -v loginctl >/dev/null || loginctl disable-linger "$1" >/dev/null 2>&1
end_all "$uid" '' ''; total=$ended
! command -v crontab >/dev/null || crontab -r -u "$1" 2>/dev/null
tries=0
while getent passwd "$1" >/dev/null && [ $tries -lt 5 ]; do
  end_all "$uid" '' ''; userdel -r "$1" >&2; tries=$((tries + 1))
done
! getent passwd "$1" >/dev/null || exit 1
if [ -e "$home" ]; then echo $total gone home-left; else echo $total gone; fi
`;

/** `$1` login, `$2` what begins the command line of its sessions. Prints how many processes were ended, and are left. */
export const END_SESSIONS = `${AS_ROOT}${END}
uid=$(id -u "$1" 2>/dev/null) || { echo 0 0; exit 0; }
end_all "$uid" '' "$2"
echo $ended $left
`;

/** Prints `login:GECOS` of what may have been made for a grant. */
export const LIST = `
getent passwd | cut -d: -f1,5 | grep '^kt-'
exit 0
`;

/** Runs the script `$2` as the login `$1` itself, in its home: what root writes there, a link could lead anywhere. */
export const AS_THE_LOGIN = `
entry=$(getent passwd "$1") || exit 81
home=$(echo "$entry" | cut -d: -f6); login=$1; script=$2; shift 2
if [ "$(id -un)" = "$login" ]; then set -- /bin/sh -c "$script" keyturn "$home" "$@"
else
  [ "$(id -u)" = 0 ] || exit 80
  set -- runuser -u "$login" -- /bin/sh -c "$script" keyturn "$home" "$@"
fi
exec "$@"
`;

/** `$1` home. Prints authorized_keys. */
export const READ_KEYS = `
cd "$1" 2>/dev/null || exit 87
[ ! -L .ssh/authorized_keys ] || exit 87
[ -e .ssh/authorized_keys ] || exit 0
cat .ssh/authorized_keys || exit 87
`;

/** `$1` home, `$2` SHA-256 of what is replaced, `$3` of what comes on standard input. */
export const WRITE_KEYS = `
umask 077
cd "$1" 2>/dev/null || exit 87
keys=.ssh/authorized_keys
[ ! -L $keys ] || exit 87
[ -d .ssh ] || mkdir .ssh || exit 87
sum() { sha256sum <"$1" | cut -c1-64; }
rm -f .ssh/.keyturn.*
new=$(mktemp .ssh/.keyturn.XXXXXX) || exit 87
trap 'rm -f "$new"' EXIT
cat >"$new" || exit 87
[ "$(sum "$new")" = "$3" ] || exit 86
was=/dev/null; [ ! -e $keys ] || was=$keys
[ "$(sum $was)" = "$2" ] || exit 88
chmod 600 "$new" && mv -f "$new" $keys || exit 87
`;
