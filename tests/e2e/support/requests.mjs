// A patient-view request as an EHR makes it: it reads the prefetch templates of discovery and answers them from a chart.
import { randomUUID } from 'node:crypto';

const searchset = (resources) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  ...(resources.length ? { entry: resources.map((resource) => ({ resource })) } : {}),
});

const hasCategory = (resource, code) =>
  (resource.category ?? []).some((category) => (category.coding ?? []).some((coding) => coding.code === code));

function answerTemplate(template, resources) {
  const [type, search] = template.split('?');
  if (!search) return resources.find((resource) => resource.resourceType === type.split('/')[0]);
  const category = new URLSearchParams(search).get('category');
  return searchset(
    resources.filter((resource) => resource.resourceType === type && (!category || hasCategory(resource, category))));
}

export function prefetchFor(service, resources) {
  const answers = Object.entries(service.prefetch).map(([key, template]) => [key, answerTemplate(template, resources)]);
  return Object.fromEntries(answers);
}

// `change(request)` may edit it before it is sent.
export function requestFor(service, bundle, change = () => {}) {
  const resources = bundle.entry.map((entry) => entry.resource);
  const request = {
    hook: service.hook,
    hookInstance: randomUUID(),
    context: { userId: 'Practitioner/fixture', patientId: resources.find((one) => one.resourceType === 'Patient').id },
    prefetch: prefetchFor(service, resources),
  };
  change(request);
  return request;
}

// Members of a request: its client lets us read at a FHIR server.
export const accessTo = (fhirServer, token, scope = 'patient/*.rs') => ({
  fhirServer,
  fhirAuthorization: { access_token: token, token_type: 'Bearer', expires_in: 300, scope, subject: 'proctor' },
});
