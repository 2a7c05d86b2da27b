// What requests say of patients, so that a test can look for it afterwards where it must not be: in logs, stores, metrics and temporary
// files. Ids, names, dates of birth, free text and whatever else stands in a chart, but for words that our own content has, too.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const shortest = 8; // characters: shorter words stand in any file
const most = 400; // strings looked for after one test file; of more, every n-th

const texts = (folder) => readdirSync(folder, { withFileTypes: true, recursive: false })
  .map((one) => (one.isDirectory() ? texts(join(folder, one.name)) : readFileSync(join(folder, one.name), 'utf8'))).join('\n');
let ours;
const isOurs = (text) => (ours ??= texts(join(root, 'cards'))).includes(text);

// Members whose values are codes, addresses and states: they say what kind of thing, not whose.
const kinds = new Set(['resourceType', 'hook', 'hookInstance', 'fhirServer', 'system', 'code', 'unit', 'status', 'use', 'type', 'mode', 'url', 'intent',
  'relation', 'scope', 'token_type', 'subject', 'version', 'profile', 'outcome', 'outcomeTimestamp', 'card', 'acceptedSuggestions', 'comparator', 'fhirVersion']);
const isInstant = (text) => /^\d{4}-\d\d-\d\dT/.test(text);

function walk(value, add, depth = 0) {
  if (typeof value === 'string') return add(value);
  if (!value || typeof value !== 'object' || depth > 64) return;
  for (const [key, item] of Object.entries(value))
    if (Array.isArray(value) || !kinds.has(key) || (typeof item === 'object' && key !== 'acceptedSuggestions')) walk(item, add, depth + 1);
}

export class Canary {
  #seen = new Set();

  // A body as it is sent: JSON, or anything else.
  add(body) {
    let parsed;
    try {
      parsed = JSON.parse(body);
    } catch {
      return;
    }
    walk(parsed, (text) => {
      if (text.length >= shortest && text.length <= 400 && !isInstant(text)) this.#seen.add(text);
    });
  }

  words() {
    const all = [...this.#seen].filter((text) => !isOurs(text));
    const step = Math.max(1, Math.ceil(all.length / most));
    return all.filter((_, i) => i % step === 0);
  }
}
