/** Slack's `<!date^…>` tokens, in the reader's own time zone. */

const LOCALE = 'en-GB';

/** Replaces each `{token}` of a date format; an unknown token stays as it is. */
export function formatDate(format: string, when: Date, now: Date): string {
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => tokens[token]?.(when, now) ?? whole);
}

const part = (options: Intl.DateTimeFormatOptions) => (when: Date) =>
  new Intl.DateTimeFormat(LOCALE, options).format(when);

const long = part({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const medium = part({ day: 'numeric', month: 'long', year: 'numeric' });
const short = part({ day: 'numeric', month: 'short', year: 'numeric' });

const tokens: Record<string, (when: Date, now: Date) => string> = {
  date_num: (when) => when.toLocaleDateString('sv-SE'),
  date: medium,
  date_short: short,
  date_long: long,
  date_pretty: pretty(medium),
  date_short_pretty: pretty(short),
  date_long_pretty: pretty(long),
  time: part({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  time_secs: part({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
  ago: (when, now) => ago((when.getTime() - now.getTime()) / 1000),
};

function pretty(otherwise: (when: Date) => string) {
  return (when: Date, now: Date): string => {
    const names: Record<number, string> = { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' };
    return names[Math.round((midnight(when) - midnight(now)) / 86_400_000)] ?? otherwise(when);
  };
}

function midnight(of: Date): number {
  return new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime();
}

function ago(seconds: number): string {
  const format = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
  if (Math.abs(seconds) < 60) return format.format(Math.round(seconds), 'second');
  if (Math.abs(seconds) < 3600) return format.format(Math.round(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return format.format(Math.round(seconds / 3600), 'hour');
  return format.format(Math.round(seconds / 86_400), 'day');
}
