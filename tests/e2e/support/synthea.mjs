// Charts of the Synthea generator, where they lie beside the checkout.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { syntheaFolder } from './paths.mjs';

export function syntheaFiles() {
  const folder = syntheaFolder();
  return folder ? readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'INDEX.json') : [];
}

// A transaction refers by urn:uuid; an EHR's chart by type and id.
export function chart(file) {
  const text = readFileSync(join(syntheaFolder(), file), 'utf8');
  const names = new Map(JSON.parse(text).entry.map((one) => [one.fullUrl, `${one.resource.resourceType}/${one.resource.id}`]));
  return JSON.parse(text.replace(/urn:uuid:[0-9a-f-]{36}/g, (urn) => names.get(urn) ?? urn));
}
