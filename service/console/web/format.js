// Numbers and times as people read them. Times are those of the reader's own zone.
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const date = (options) => {
  const format = new Intl.DateTimeFormat('en-GB', options);
  return (time) => format.format(new Date(time));
};

export const nothing = '–';
export const count = (value) => (Number.isFinite(value) ? whole.format(value) : nothing);
export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

// A share of 1. What is there never reads as 0 %, and what is missing never as 100 %.
export function share(value) {
  if (!Number.isFinite(value)) return nothing;
  const percent = value * 100;
  if (percent > 0 && percent < 0.1) return '<0.1%';
  if (percent > 99.9 && percent < 100) return '>99.9%';
  return `${(percent < 10 || percent > 99 ? tenths : whole).format(percent)}%`;
}

export function milliseconds(value) {
  if (!Number.isFinite(value)) return nothing;
  return value < 1000 ? `${(value < 10 ? tenths : whole).format(value)} ms` : `${tenths.format(value / 1000)} s`;
}

export const hourOfDay = date({ hour: '2-digit', minute: '2-digit' });
export const secondOfDay = date({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
export const weekday = date({ weekday: 'short' });
export const dayAndHour = date({ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
export const moment = date({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
// A date alone has no zone.
export const week = date({ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const sum = (values) => values.reduce((all, one) => all + (one ?? 0), 0);
