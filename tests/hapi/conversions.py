"""Charts in other FHIR versions, made by HL7's converters; and what the converters need help with."""
from patients import java

NOT_IN_DSTU2 = ("intent", "doNotPerform", "dosageInstruction", "reasonCode", "category")
# R5 says of a MedicationStatement only that it was recorded; the converters fail on one that was not taken on the way to DSTU2.
NO_SUCH_STATUS = {"R5": {"completed", "stopped", "not-taken", "on-hold", "intended"}, "DSTU2": {"not-taken"}}
STATUSES = {"clinicalStatus": "active", "verificationStatus": "confirmed"}


def hop(source, target, resources):
    return java("Convert.java", [{"from": source, "to": target, "resource": resource} for resource in resources])


def medication_order(request):
    """The converters read a MedicationOrder of DSTU2 but write none."""
    renamed = {"subject": "patient", "authoredOn": "dateWritten", "requester": "prescriber"}
    order = {renamed.get(name, name): value for name, value in request.items() if name not in NOT_IN_DSTU2}
    status = {"cancelled": "stopped"}.get(order["status"], order["status"])
    return {**order, "resourceType": "MedicationOrder", "status": status}


def codes_of(system_end, status):
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/condition-{system_end}", "code": status}]}


def with_statuses(condition):
    """The converters fail on a Condition of DSTU2 without its statuses, so it carries them on the way."""
    return {"clinicalStatus": codes_of("clinical", "active"), "verificationStatus": codes_of("ver-status", "confirmed"), **condition}


def without_added(original, converted):
    return {name: value for name, value in converted.items() if name not in STATUSES or name in original}


def to_dstu2(resources):
    is_condition = [resource["resourceType"] == "Condition" for resource in resources]
    ways = [with_statuses(resource) if condition else resource for resource, condition in zip(resources, is_condition)]
    answers = hop("R4", "DSTU2", ways)
    for number, (resource, answer) in enumerate(zip(resources, answers)):
        if resource["resourceType"] == "MedicationRequest":
            answers[number] = {"resource": medication_order(resource)}
        elif is_condition[number] and "resource" in answer:
            answers[number] = {"resource": without_added(resource, answer["resource"])}
    return answers


def from_dstu2(resources):
    ways = [{**STATUSES, **resource} if resource["resourceType"] == "Condition" else resource for resource in resources]
    answers = hop("DSTU2", "R4", ways)
    for number, (resource, answer) in enumerate(zip(resources, answers)):
        if resource["resourceType"] == "Condition" and "resource" in answer:
            condition = without_added(resource, answer["resource"])
            # A date in DSTU2; the converters make midnight of it.
            dated = {"recordedDate": resource["dateRecorded"]} if "dateRecorded" in resource else {}
            answers[number] = {"resource": {**condition, **dated}}
    return answers


def expressible(version, resource):
    """What of an R4 resource the version has a place for: DSTU2 knows the day alone when a Condition was recorded."""
    if version != "DSTU2" or resource["resourceType"] != "Condition" or "recordedDate" not in resource:
        return resource
    return {**resource, "recordedDate": resource["recordedDate"][:10]}


def convert(version, resources):
    """R4 resources in another version, in the same order: {"resource": ...} or {"error": why not}."""
    answers = to_dstu2(resources) if version == "DSTU2" else hop("R4", version, resources)
    for number, resource in enumerate(resources):
        if resource["resourceType"] == "MedicationStatement" and resource.get("status") in NO_SUCH_STATUS.get(version, ()):
            answers[number] = {"error": "no such status"}
    return answers


def convert_back(version, resources):
    """The R4 that the converters make of resources of another version. What is lost on the way is lost here, too."""
    return from_dstu2(resources) if version == "DSTU2" else hop(version, "R4", resources)
