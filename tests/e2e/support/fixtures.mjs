// The patients of fhir-fixtures/, rendered for an instant. A second, independent reading of the templates: the program has its own.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, readText, root } from './paths.mjs';

const day = 86_400_000;

function milliseconds(duration) {
  const match = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (!match) throw new Error(`unreadable duration ${duration}`);
  const [days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0));
  const length = days * day + hours * 3_600_000 + minutes * 60_000 + seconds * 1000;
  return match[1] ? -length : length;
}

export function render(text, now) {
  return text.replace(/\$\{(?:(date|month):)?(-?P[^}]*)\}/g, (_, form, duration) => {
    const instant = new Date(now.getTime() + milliseconds(duration)).toISOString();
    if (form === 'date') return instant.slice(0, 10);
    if (form === 'month') return instant.slice(0, 7);
    return `${instant.slice(0, 19)}Z`;
  });
}

export const patientNames = () => readdirSync(join(root, 'fhir-fixtures/patients')).map((file) => file.replace(/\.json$/, ''));
export const patientText = (name, now = new Date()) => render(readText('fhir-fixtures/patients', `${name}.json`), now);
export const patient = (name, now = new Date()) => JSON.parse(patientText(name, now));
export const context = (name, now = new Date()) => JSON.parse(render(readText('fhir-fixtures/contexts', `${name}.json`), now));
export const hostileText = (file, now = new Date()) => render(readText('fhir-fixtures/hostile', file), now);
export const expectedRules = () => readJson('fhir-fixtures/expected.json');
