"""Differences from the reference evaluator that are right, each with its exact precondition and its reason. Everything else is a failure.

Where the reference cannot read something that is plain, or its answer is an accident of order, it is shown the same patient as it can read
(shown_to_reference); both must then agree in full:

- Greek mu. U+03BC looks like the micro sign U+00B5; the reference reads only the latter.
- A printed apostrophe. The reference knows only the typed one: "Can’t pass stool" says it all the same.
- "No pain" (LOINC LA131-5) as the answer to a finding. The reference takes every severity as a yes. It is no yes.
- The body site of an Observation is that of its components. The reference looks for a pain score's site in the component alone, where FHIR
  has no place for one.
- An encounter whose start is no date at all (30 February) is one without a start: its reason was said now, which the reference does too where
  the start is missing.
- The time of a procedure of some length is its end. The reference reads no period where it asks whether a FIT is newer than a colonoscopy.
- Several colonoscopies, ordered or done: the reference takes the first resource of the chart. It is shown live orders first, then what was
  done, the newest first.
- An encounter "completed" is R5's word for "finished"; the reference knows R4 alone.
- "but" ends a clause (section 2.8). The reference forgets it where it looks for other organs: "mucus in stool but no cough" is mucus.
- The last digit of a supervision code is the trimester in ICD-10-CM alone. The reference reads it in any system.
- "Z3A.3" and "Z3A.4" are weeks 30 to 39 and 40 or more; the reference wants a second digit.
- A score rounds halves up. The reference's rounding goes towards zero below it, so that a saturation of -1 is a 0 and scores.
- The effective date of an Observation that is no date at all is none, and the next of its dates counts. The reference stops there.
- A Condition did not begin after it was recorded (section 2.2), so the last assertion of one that began "2026" and was recorded in January is
  January's. The reference takes the end of the year. It is asked with an onset that ends at the recording (onset_until_recording).
- An onset up to five minutes ahead is none of the future (section 2.1). The reference allows for that in Observations alone, and is asked with now.
- A MedicationStatement that is completed at a time still ahead is taken until then. The reference takes it for neither current nor past.
- Age is a whole number on the birthday. The reference divides days by 365.25, so that half of all patients are 17.998 on their 18th. It is
  asked with the age by the calendar (age_by_calendar); the ages at onset, which both count in years of 365.25 days, stay as they are.

The rest is accepted rule by rule (Accepted):

- Notes the reference does not come to. Its tests stop at the first answer (`a or b`), so data it never looked at leave no note. Accepted
  when the reference itself notes the data as soon as it is asked for them.
- Notes of rules that are not here yet: about findings and measurements that no fact of cards/ reads.
- Notes of what the reference passes over in silence: a clinical status that is no word of FHIR's, and a number written as text, a range or a
  ratio, of a pain score, too, and a pain score in a word of severity. Accepted beside an anorectal finding, the number if it is noted once it is a quantity without a unit; and without one if the Condition is noted once it is an
  active one without a date.
- A result "<= 10" where 10 is the threshold may be 10. Proctor notes that it decides nothing; the reference notes only those above it.
- A number with a comparator (FIT ">= 8", pulse "<= 108") is a range. Where the range holds both answers Proctor says what could not be
  checked; the reference counts with the number as it stands. Accepted only if Proctor says so, naming that measurement, and the reference
  itself answers both ways for numbers of that range.
- A medication that nobody names (its Medication is not there) may be any, so that what may depend on it is not decided. The reference takes it
  for none. Accepted only if Proctor says that it is medications that it could not check.
- Vomiting that a newer answer to the same question takes back. The reference forgets the newer one where it looks for more than nausea
  (ADC-05). Accepted only if the reference says just what Proctor says once the answers taken back are gone.
- An onset given as an age, where of the birth only the year or month is known. Proctor counts from the whole of it, the reference from its
  first day. Accepted only if the reference says just what Proctor says once the patient is born on the last day of it.
"""
import datetime as dt
import re

from knowledge import days

SKEW = dt.timedelta(minutes=5)
NOTE = "ADC-DQ"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
TRIMESTER = re.compile(r"(Z34|O09).*[13]")
ORGANS = re.compile(r"\b(nose|nasal|throat|sputum|cough|sinus|vagina|vaginal|cervix|cervical|airway|chest|phlegm|eye)\b", re.I)


def shown_to_reference(facts):
    """The patient as the reference can read it."""
    resources = [_until_its_end(_resource(one), facts["asOf"]) for one in _mapped(facts["resources"])]
    drafts = _mapped(facts.get("draftOrders", []))
    first = [one for one in drafts if one["resourceType"] == "ServiceRequest"]
    return {**facts, "resources": first + sorted(resources, key=_place), "draftOrders": drafts}


def _mapped(value):
    """Texts and codes."""
    if isinstance(value, dict):
        if value.get("code") == "LA131-5":
            return {**value, "code": "no-pain"}
        if value.get("system") != ICD_10_CM and TRIMESTER.fullmatch(str(value.get("code"))):
            return {**value, "code": value["code"][:-1].rstrip(".")}
        if value.get("code") in ("Z3A.3", "Z3A.4"):
            return {**value, "code": value["code"] + "0"}
        if isinstance(value.get("value"), (int, float)) and -1.5 < value["value"] < -0.5:
            return {**value, "value": value["value"] - 2}
        return {name: _text(one) if name in ("text", "valueString") and isinstance(one, str) else _mapped(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_mapped(one) for one in value]
    return _letters(value) if isinstance(value, str) else value


def _letters(text):
    return text.replace("\u03bc", "\u00b5").replace("\u2019", "'")


def _text(text):
    text = _letters(text)
    return re.sub(r"\bbut\b", ";", text, flags=re.I) if re.search("mucus", text, re.I) and ORGANS.search(text) else text


def _resource(one):
    if one["resourceType"] == "Encounter" and one.get("status") == "completed":
        return _resource({**one, "status": "finished"})
    if one["resourceType"] == "Encounter" and not _is_date((one.get("period") or {}).get("start", "")):
        return {name: value for name, value in one.items() if name != "period"}
    if one["resourceType"] == "Observation" and not _is_date(one.get("effectiveDateTime", "2000")):
        return _resource({name: value for name, value in one.items() if name != "effectiveDateTime"})
    if one["resourceType"] == "Procedure" and "end" in one.get("performedPeriod", {}):
        return {"performedDateTime": one["performedPeriod"]["end"], **one}
    if "bodySite" in one and "component" in one:
        return {**one, "component": [{"bodySite": one["bodySite"], **part} for part in one["component"]]}
    return one


def _until_its_end(one, now):
    if one["resourceType"] != "MedicationStatement" or one.get("status") != "completed":
        return one
    period = one.get("effectivePeriod") or {}
    times = (period.get("end"), one.get("effectiveDateTime"), period.get("start"), one.get("authoredOn"))
    time = next((time for time in times if time and _is_date(time)), None)
    return {**one, "status": "active"} if time and _latest(time) > _latest(now) else one


def _latest(text):
    """The end of a FHIR date or dateTime, UTC where it has no zone."""
    if len(text) > 10:
        time = dt.datetime.fromisoformat(text.replace(":60", ":59", 1).replace("Z", "+00:00"))
        return time if time.tzinfo else time.replace(tzinfo=dt.timezone.utc)
    whole = {4: "-12-31", 7: "-28"}.get(len(text), "")
    day = dt.datetime.fromisoformat(text + whole + "T00:00:00+00:00")
    return (day + dt.timedelta(days=4)).replace(day=1) if len(text) == 7 else day + dt.timedelta(days=1)


def age_by_calendar(reference):
    """The reference's age of a Case: completed years, and days since the last birthday / days from it to the next, in whole millionths."""
    def age(case):
        birth = reference._t(case.pat.get("birthDate"))
        if not birth:
            return None
        born, today = birth[0].date(), case.now.date()
        year = today.year - (_birthday(born, today.year) > today)
        last, following = _birthday(born, year), _birthday(born, year + 1)
        return year - born.year + (today - last).days * 10**6 // (following - last).days / 10**6

    return age


def onset_until_recording(reference):
    """The reference's onset of a Condition, which ends where it was recorded, and is now where it is a little ahead."""
    onset = reference.Case.onset

    def until_recording(case, condition):
        began, recorded = onset(case, condition), reference._t(condition.get("recordedDate"))
        if began and case.now < began[0] <= case.now + SKEW:
            began = (case.now, max(began[1], case.now))
        return (began[0], min(began[1], recorded[1])) if began and recorded and began[0] <= recorded[1] else began

    return until_recording


def _birthday(born, year):
    """That of 29 February is on 1 March in other years."""
    leaps = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return dt.date(year, 3, 1) if (born.month, born.day) == (2, 29) and not leaps else born.replace(year=year)


def _is_date(text):
    day = text[:10] + "-01-01"[len(text) - 4:] if len(text) < 10 else text[:10]
    try:
        return bool(dt.date.fromisoformat(day))
    except ValueError:
        return False


def _place(one):
    """Orders, procedures under way, procedures done (newest first), the rest as it was."""
    if one["resourceType"] == "ServiceRequest":
        return (0, 0)
    if one["resourceType"] != "Procedure":
        return (3, 0)
    if one.get("status") != "completed":
        return (1, 0)
    when = one.get("performedDateTime") or (one.get("performedPeriod") or {}).get("end") or ""
    return (2, tuple(-ord(letter) for letter in when))


def _is_nameless(one):
    """A use of a medication that says of it no more than a reference."""
    named = one.get("medicationCodeableConcept") or one.get("medicationReference", {}).get("display")
    return one["resourceType"].startswith("Medication") and one["resourceType"] != "Medication" and not named


STATUSES = {"active", "recurrence", "relapse", "inactive", "remission", "resolved", "unknown"}


def _is_unclear(one):
    """A Condition with a clinical status that is no word of FHIR's."""
    given = {coding.get("code") for coding in one.get("clinicalStatus", {}).get("coding", [])} - {None}
    return one["resourceType"] == "Condition" and given and not given & STATUSES


def _undated_if_unclear(one):
    """As an active one without a date."""
    if not _is_unclear(one):
        return one
    return {name: value for name, value in one.items() if name not in ("clinicalStatus", "recordedDate") and not name.startswith("onset")}


SEVERE = re.compile(r"\b(severe|extreme|excruciating|unbearable|intolerable|worst\b)", re.I)
NO_NUMBER = ("valueRange", "valueRatio", "valueSampledData", "valuePeriod", "valueDateTime", "valueTime")


def _quantity_if_text(one):
    """A number written as text, a word of severity, a range or the like as a quantity without a unit."""
    made = {**one, **({"component": [_quantity_if_text(part) for part in one["component"]]} if "component" in one else {})}
    value = one.get("valueCodeableConcept", {})
    text = one.get("valueString") or value.get("text") or ""
    displays = " ".join(coding.get("display", "") for coding in value.get("coding", []))
    unread = re.search("[0-9]", text) or SEVERE.search(text + " " + displays) or any(name in one for name in NO_NUMBER)
    return {**made, "valueQuantity": {"value": 1}} if unread else made


STEPS = [0, 0.001, 0.1, 0.5, 1, 2, 4, 10, 30, 100, 300, 1000, 10000]  # how far from the number of a "<" or ">"


def codes_of(one):
    return {coding.get("code") for part in [one] + one.get("component", []) for coding in (part.get("code") or {}).get("coding", [])}


def _at(one, step):
    """The measurement with a number of its range instead of a comparator."""
    made = {**one, **({"component": [_at(part, step) for part in one["component"]]} if "component" in one else {})}
    quantity = one.get("valueQuantity", {})
    if "comparator" in quantity:
        step = step if "=" in quantity["comparator"] else max(step, STEPS[1])
        by = step if ">" in quantity["comparator"] else -min(step, quantity["value"])
        made["valueQuantity"] = {name: value for name, value in quantity.items() if name != "comparator"}
        made["valueQuantity"]["value"] += by
    return made


class Accepted:
    def __init__(self, reference, knowledge):
        self.reference, self.know = reference, knowledge
        self.asked = [knowledge.facts[name] for name in sorted(knowledge.asked)]
        self.notable = {name for fact in self.asked if self._leaves_notes(fact) for name in self._names(fact)}

    def explains(self, facts, expected, got, undecided):
        """`undecided`: {rule code: what Proctor says it could not check}."""
        facts = shown_to_reference(facts)
        differing = {code for code in expected.keys() | got.keys() if expected.get(code) != got.get(code)}
        return all(self._explains(code, facts, code in got, undecided) for code in differing) or self._by_birth(facts, got) or self._by_newer_no(facts, got)

    def _by_birth(self, facts, got):
        """An onset as an age, and a birth that is a year or a month."""
        patient = next(one for one in facts["resources"] if one["resourceType"] == "Patient")
        birth = patient.get("birthDate", "")
        if len(birth) not in (4, 7) or not any("onsetAge" in one for one in facts["resources"]):
            return False
        year, month = int(birth[:4]), int(birth[5:] or 12)
        last = dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
        resources = [{**one, "birthDate": str(last)} if one is patient else one for one in facts["resources"]]
        return self._agrees({**facts, "resources": resources}, got)

    def _by_newer_no(self, facts, got):
        """Vomiting, taken back since: of the answers to one question the newest counts."""
        case, newest, yes = self.reference.Case(facts), {}, []
        for one, whole, times in case.obs:
            answer = case.polarity("nausea_vomiting", one) if times else None
            if answer is not None:
                question = tuple(sorted(str(coding.get("code")) for coding in one.get("code", {}).get("coding", [])))
                newest[question] = max(newest.get(question, (times[0], answer)), (times[0], answer))
                yes += [(question, whole)] if answer else []
        gone = [whole for question, whole in yes if not newest[question][1]]
        return bool(gone) and self._agrees({**facts, "resources": [one for one in facts["resources"] if one not in gone]}, got)

    def _agrees(self, facts, got):
        fired, _ = self.reference.evaluate(facts)
        return {code: indicator for code, indicator in fired.items() if code in self.know.rules} == got

    def _explains(self, code, facts, fired, undecided):
        if code == NOTE:
            return self._noted(facts) if fired else self._of_other_rules(facts)
        not_checked = undecided.get(code, [])
        return not fired and (self._by_comparator(code, facts, not_checked) or self._by_nameless(facts, not_checked))

    def _by_nameless(self, facts, not_checked):
        drugs = {fact["title"] for fact in self.know.facts.values() if "medication" in fact}
        return bool(not_checked) and drugs.issuperset(not_checked) and any(_is_nameless(one) for one in facts["resources"] + facts["draftOrders"])

    def _by_comparator(self, code, facts, not_checked):
        """Proctor names the measurement, and the reference answers both ways for numbers of its range."""
        asked = [fact for fact in self.know.facts.values() if fact["title"] in not_checked and ("quantity" in fact or "ratio" in fact)]
        codes = {entry["code"] for fact in asked for name in self.know.concepts_of(fact) for entry in self.know.concepts[name]}
        answers = set()
        for step in STEPS:
            resources = [_at(one, step) if codes & codes_of(one) else one for one in facts["resources"]]
            if resources == facts["resources"]:
                return False
            answers.add(code in self.reference.evaluate({**facts, "resources": resources})[0])
        return len(answers) == 2

    def _names(self, fact):
        return [{"systolic_pressure": "sbp"}.get(name, name) for name in self.know.concepts_of(fact)]

    def _of_other_rules(self, facts):
        """The notes that the reference keeps are about what nothing here reads."""
        _, notes = self.reference.evaluate(facts)
        return all(note.startswith(("stale", "undated", "unit", "implausible")) and note.split()[1] not in self.notable for note in notes)

    def _noted(self, facts):
        if self._noted_when_asked(facts):
            return True
        undated, quantities = ({**facts, "resources": [change(one) for one in facts["resources"]]} for change in (_undated_if_unclear, _quantity_if_text))
        unclear = any(_is_unclear(one) for one in facts["resources"])
        return unclear and self._noted_when_asked(undated) or (unclear or self._noted_when_asked(quantities)) and self._has_anchor(facts)

    def _noted_when_asked(self, facts):
        case = self.reference.Case(facts)
        for fact in self.asked:
            self._ask(case, fact)
        if any(self._may_be_the_threshold(case, fact) for fact in self.asked if "straddles" in fact):
            return True
        if any(not note.startswith(("stale", "undated")) for note in case.dq):
            return True
        return bool(case.dq) and self._has_anchor(facts)

    def _may_be_the_threshold(self, case, fact):
        latest = case.last(self._names(fact)[0], days(fact["within"]))
        return bool(latest) and latest[2] == "<=" and latest[1] == fact["straddles"]

    def _leaves_notes(self, fact):
        return "finding" in fact and not fact.get("quiet") and "conditionWithin" in fact or bool(self.know.quantities_of(fact))

    def _ask(self, case, fact):
        if "finding" in fact and self._leaves_notes(fact):
            for name in [name for name in self._names(fact) if name in self.reference.CODES]:
                case.cond(name, days(fact["conditionWithin"]))
        if "rating" in fact:
            case.nums("pain_score", days(fact["within"]))
        if self.know.quantities_of(fact):
            for quantity in self.know.quantities_of(fact):
                name = self.know.quantities[quantity]["valueSets"][0].replace("-", "_")
                case.nums({"systolic_pressure": "sbp"}.get(name, name), days(fact["within"]))

    def _has_anchor(self, facts):
        """The reference shows notes about old and undated findings only beside an anorectal finding: seen by giving it an undated fever."""
        code = self.reference.CODES["fever"]["codes"][0]
        patient = "Patient/" + next(one["id"] for one in facts["resources"] if one["resourceType"] == "Patient")
        fever = {"resourceType": "Condition", "subject": {"reference": patient}, "code": {"coding": [{"system": code["system"], "code": code["code"]}]}}
        fired, _ = self.reference.evaluate({**facts, "resources": facts["resources"] + [fever]})
        return NOTE in fired
