// The program's commands as a shell sees them: exit codes, what goes to standard output and what to standard error.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { binary, root } from './support/paths.mjs';

const cards = join(root, 'cards');
const patient = join(root, 'fhir-fixtures', 'patients', 'severe-anaemia.json');
const folder = mkdtempSync(join(tmpdir(), 'proctor-commands-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (args, input = '') => spawnSync(binary, args, { input, encoding: 'utf8', cwd: root, timeout: 60_000 });
const file = (name, text) => { writeFileSync(join(folder, name), text); return join(folder, name); };

test('every command explains itself', () => {
  for (const command of [[], ['serve'], ['check'], ['print'], ['evaluate'], ['explain'], ['request'], ['show'], ['fire']]) {
    const help = run([...command, '--help']);
    assert.equal(help.status, 0, command.join());
    assert.match(help.stdout, /Usage/);
    assert.equal(help.stderr, '');
  }
});

test('the pipeline in the help of request trusts the certificate that deploy/run.sh makes', () => {
  assert.match(run(['request', '--help']).stdout, /curl --cacert CERTIFICATE --json @- https:\/\/localhost:8443\//);
});

test('a wrong command line is 2, with the reason on standard error', () => {
  const lines = [[], ['dance'], ['serve', '--colour'], ['check'], ['check', join(folder, 'nowhere')], ['print', cards], ['evaluate'],
    ['explain', patient], ['print', cards, 'ADC-99'], ['evaluate', '--as-of', 'yesterday', patient]];
  for (const line of lines) {
    const result = run(line);
    assert.equal(result.status, 2, line.join(' '));
    assert.notEqual(result.stderr, '', line.join(' '));
    assert.equal(result.stdout, '', line.join(' '));
  }
});

test('a command that there is not is named', () => {
  for (const line of [['dance'], ['dance', patient]]) assert.match(run(line).stderr, /^proctor: there is no command "dance"; "proctor --help"/);
  for (const command of ['store', 'audit']) {
    const result = run([command, 'dance']);
    assert.equal(result.status, 2);
    assert.equal(result.stderr, `proctor: there is no command "${command} dance"; "proctor ${command} --help" lists them\n`);
  }
});

test('what is wrong with a further context is not said of the patient alone', () => {
  for (const context of ['[]', '{']) {
    const result = run(['request', '--context', file('context.json', context), patient]);
    assert.equal(result.status, 1);
    assert.match(result.stderr, /the context/);
  }
});

test('print suggests a rule that comes close', () => {
  assert.match(run(['print', cards, 'sever-anaemia']).stderr, /did you mean "severe-anaemia"/);
});

test('check is 0 for whole content and 1, with file and pointer, for broken content', () => {
  const fine = run(['check', '--quiet', cards]);
  assert.equal(fine.status, 0, fine.stderr);
  assert.match(fine.stdout, /0 errors/);
  const broken = join(folder, 'cards');
  cpSync(cards, broken, { recursive: true });
  const rule = join(broken, 'rules', 'severe-anaemia', 'rule.json');
  writeFileSync(rule, readFileSync(rule, 'utf8').replace('"indicator"', '"indikator"'));
  const result = run(['check', broken]);
  assert.equal(result.status, 1);
  assert.match(result.stderr, /severe-anaemia\/rule\.json.*\/decide\/0/);
});

test('check refuses a configuration that serve would refuse, with file and member', () => {
  const north = { id: 'north', issuer: 'https://ehr.example', jwks_url: 'https://ehr.example/jwks' };
  const fine = { socket: 's', base_url: 'https://cds.example', replay_store: 'r.sqlite', clients: [north] };
  const checked = (change) => run(['check', '--quiet', cards, '--config', file('checked.json', JSON.stringify({ ...fine, ...change }))]);
  const passed = checked({});
  assert.equal(passed.status, 0, passed.stderr);
  file('keys.json', '{"keys": [{"kty": "oct", "kid": "a", "k": "AAAA"}]}');
  const inFile = (name) => ({ clients: [{ id: 'north', issuer: 'i', jwks_file: name }] });
  for (const [change, message] of [
    [{ clients: [] }, /checked\.json\/clients: no client is registered/],
    [{ clients: [north, { ...north, id: 'south' }] }, /checked\.json\/clients\/1\/issuer: this issuer is another client's, too/],
    [{ base_url: undefined }, /checked\.json\/base_url: the address that clients call is required/],
    [{ quiet_days: 30 }, /checked\.json\/clients\/north\/quiet_days: what was answered before/],
    [{ console: { port: 8090 } }, /checked\.json\/console\/users: a console needs a file of users/],
    [{ ca_file: 'keys.json' }, /keys\.json: ca_file cannot be read, or holds no certificates/],
    [inFile('nowhere.json'), /nowhere\.json: cannot be read/],
    [inFile('keys.json'), /keys\.json\/keys\/0: a key that is private or symmetric \(client north\)/],
  ]) {
    const result = checked(change);
    assert.equal(result.status, 1, result.stderr);
    assert.match(result.stderr, message);
  }
});

test('serve refuses to start with 3 and one sentence', () => {
  const refusals = [
    [{ sockt: 'x' }, /sockt: unknown member, did you mean "socket"/],
    [{ socket: 5 }, /socket: must be a text/],
    [{ content: join(folder, 'nowhere'), socket: 's' }, /nowhere/],
  ];
  for (const [config, message] of refusals) {
    const result = run(['serve', '--demo', '--config', file('proctor.json', JSON.stringify(config))]);
    assert.equal(result.status, 3);
    assert.match(result.stderr, message);
    assert.equal(result.stderr.trim().split('\n').length, 1);
  }
  const missing = run(['serve', '--config', join(folder, 'missing.json')]);
  assert.equal(missing.status, 3);
  assert.equal(run(['serve']).status, 3);
  assert.equal(run(['serve', '--as-of', '2026-06-15T12:00:00Z']).status, 3);
});

test('serve refuses content that everybody can write', () => {
  const open = join(folder, 'open-cards');
  cpSync(cards, open, { recursive: true });
  chmodSync(join(open, 'facts.json'), 0o666);
  const result = run(['serve', '--demo', '--config', file('open.json', JSON.stringify({ content: open, socket: 's' }))]);
  assert.equal(result.status, 3);
  assert.match(result.stderr, /facts\.json: can be written by everybody/);
});

test('evaluate names a bad line and goes on', () => {
  const line = run(['request', patient]).stdout.trim();
  const input = `${line}\n{"resourceType": "Bundle", "secret"\n${line}\n`;
  const result = run(['evaluate', '-'], input);
  assert.equal(result.status, 1);
  assert.equal(result.stdout.trim().split('\n').length, 2);
  assert.match(result.stderr, /^-:2: /m);
  assert.doesNotMatch(result.stderr, /secret/);
  const codes = JSON.parse(result.stdout.split('\n')[0]).rules.map((rule) => rule.code);
  assert.ok(codes.includes('ADC-02'));
});

test('evaluate answers as the configuration says', () => {
  const request = run(['request', join(root, 'fhir-fixtures/patients/change-in-bowel-habit-without-fit.json')]).stdout;
  const suggested = (region) => {
    const result = run(['evaluate', '--config', file('region.json', JSON.stringify({ content: cards, region })), '-'], request);
    assert.equal(result.status, 0, result.stderr);
    return JSON.parse(result.stdout).cards.flatMap((card) => card.suggestions ?? []).map(({ actions }) => actions[0].resource.code.coding[0].code);
  };
  const { fit, 'fit-uk': fitUk } = JSON.parse(readFileSync(join(cards, 'orders.json'), 'utf8'));
  for (const [region, own, other] of [['US', fit, fitUk], ['UK', fitUk, fit]]) {
    assert.ok(suggested(region).includes(own.code), region);
    assert.ok(!suggested(region).includes(other.code), region);
  }
  assert.equal(run(['evaluate', '--config', file('wrong.json', '{"regoin": "US"}'), '-'], request).status, 2);
});

test('explain shows the tests of one rule', () => {
  const request = file('request.json', run(['request', patient]).stdout);
  const result = run(['explain', '--rule', 'ADC-02', request]);
  assert.equal(result.status, 0, result.stderr);
  assert.match(result.stdout, /yes/);
});

test('explain says what the service would answer at the hook of the request', () => {
  const name = 'bleeding-with-shock';
  const context = file('adds.json', readFileSync(join(root, 'fhir-fixtures/contexts/add-haemorrhoids.json'), 'utf8').replaceAll('bleeding-on-apixaban', name));
  const of = (...options) => file('at.json', run(['request', join(root, `fhir-fixtures/patients/${name}.json`), ...options]).stdout);
  const explained = (request, rule = 'ADC-34') => run(['explain', '--rule', rule, request]).stdout;
  const adds = of('--hook', 'problem-list-item-create', '--context', context);
  assert.ok(JSON.parse(run(['evaluate', adds]).stdout).rules.some(({ code }) => code === 'ADC-34'));
  assert.match(explained(adds), /^ADC-34 .*: fires with row "haemorrhoids-or-fissure"[^]*^card: shown/m);
  assert.match(explained(adds, 'ADC-02'), /^ADC-02 is not run at problem-list-item-create, the hook of this request, but at patient-view, .*\nADC-02 .*: does not fire$/m);
  assert.doesNotMatch(explained(of(), 'ADC-02'), /not run/);
  const less = run(['explain', '--rule', 'ADC-34', file('less.json', '{"hook":"patient-view"}')]);
  assert.equal(less.status, 1);
  assert.match(less.stderr, /hookInstance is missing/);
});

test('show prints cards and refuses anything else', () => {
  const cardsText = JSON.stringify({ cards: [{ summary: 'A summary', indicator: 'warning', detail: '- one', source: { label: 'Proctor' } }] });
  const result = run(['show'], cardsText);
  assert.equal(result.status, 0);
  assert.match(result.stdout, /WARNING[^]*A summary[^]*• one/);
  assert.equal(run(['show'], '{}').status, 1);
  assert.equal(run(['show'], 'x').status, 1);
});
