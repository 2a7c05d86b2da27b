// The searches that discovery asks for in R4, what each must find in a list of resources, and a client that walks their pages.
import assert from 'node:assert/strict';

export const searches = [
  'Condition?patient={id}&_sort=-recorded-date&_count=500',
  ...['laboratory', 'vital-signs', 'survey', 'exam'].map((category) => `Observation?patient={id}&category=${category}&_sort=-date&_count=500`),
  'Procedure?patient={id}&_sort=-date&_count=200',
  'ServiceRequest?patient={id}&_sort=-authored&_count=200',
  'Encounter?patient={id}&_sort=-date&_count=100',
  'MedicationRequest?patient={id}&_sort=-authoredon&_count=200',
  'MedicationStatement?patient={id}&_sort=-effective&_count=200',
  'MedicationAdministration?patient={id}&_sort=-effective-time&_count=200',
];

export const resourcesOf = (bundles) => bundles.flatMap((bundle) => bundle.entry.map((one) => one.resource));
export const nameOf = ({ resourceType, id }) => `${resourceType}/${id}`;
export const names = (list) => list.map(nameOf).sort();

// The types that no chart of ours has, one of each an hour older than the one before.
export function medications(patientId) {
  const of = (resourceType, number, rest) => ({
    resourceType,
    id: `${patientId}-${resourceType.toLowerCase()}-${number}`,
    medicationCodeableConcept: { text: 'A medication' },
    subject: { reference: `Patient/${patientId}` },
    effectiveDateTime: `2026-01-02T0${9 - number}:00:00Z`,
    ...rest,
  });
  const entry = [1, 2, 3].flatMap((number) => [
    of('MedicationStatement', number, { status: 'active' }),
    of('MedicationAdministration', number, { status: 'completed' }),
  ]);
  return { resourceType: 'Bundle', type: 'collection', entry: entry.map((resource) => ({ resource })) };
}

const hasCategory = (resource, code) => (resource.category ?? []).some((one) => one.coding?.some((coding) => coding.code === code));

export function wanted(search, patientId, resources) {
  const [type, query] = search.split('?');
  const category = new URLSearchParams(query).get('category');
  return resources.filter((one) => one.resourceType === type && one.subject?.reference === `Patient/${patientId}` && (!category || hasCategory(one, category)));
}

function timeOf(one) {
  const time = one.recordedDate ?? one.effectiveDateTime ?? one.performedDateTime ?? one.authoredOn ?? (one.effectivePeriod ?? one.performedPeriod ?? one.period)?.start;
  return new Date(time).getTime();
}
export const newestFirst = (list) => list.every((one, i) => i === 0 || !(timeOf(list[i - 1]) < timeOf(one)));

// Every page of a search: [Bundle]. `get(url)` gives an answer of support/client.mjs.
export async function walk(get, url) {
  const pages = [];
  for (let next = url; next; next = pages.at(-1).link.find((one) => one.relation === 'next')?.url) {
    const answer = await get(next);
    assert.equal(answer.status, 200, answer.body);
    pages.push(answer.json());
    assert.ok(pages.length < 1000, 'pages without end');
  }
  return pages;
}
export const found = (pages) => pages.flatMap((page) => page.entry ?? []).map((one) => one.resource);
