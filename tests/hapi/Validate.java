// Judges FHIR resources with HAPI's validator, without a network. Standard input: a line of JSON a resource,
// {"name": ..., "version": "DSTU2" | "STU3" | "R4" | "R5", "resource": {...}}. Standard output: a line of JSON a message,
// {"name", "version", "severity", "location", "message"}.
// Codes of systems that HAPI does not carry (SNOMED CT, LOINC) cannot be looked up: a warning. Codes that FHIR itself defines are judged.
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport.IssueSeverity;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

final class Validate {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));
    private static final Map<String, FhirValidator> VALIDATORS = new HashMap<>();

    private static FhirContext contextOf(String version) {
        return switch (version) {
            case "DSTU2" -> FhirContext.forDstu2Hl7Org();
            case "STU3" -> FhirContext.forDstu3();
            case "R4" -> FhirContext.forR4();
            case "R5" -> FhirContext.forR5();
            default -> throw new IllegalArgumentException("no such FHIR version: " + version);
        };
    }

    private static FhirValidator validatorOf(String version) {
        FhirContext context = contextOf(version);
        var unknown = new UnknownCodeSystemWarningValidationSupport(context);
        unknown.setNonExistentCodeSystemSeverity(IssueSeverity.WARNING);
        var support = new ValidationSupportChain(
            new DefaultProfileValidationSupport(context), new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context), new SnapshotGeneratingValidationSupport(context), unknown);
        var validator = new FhirInstanceValidator(support);
        validator.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
        return context.newValidator().registerValidatorModule(validator);
    }

    // HAPI throws on a DSTU2 code outside a required value set, where it reports one in the other versions: fatal, never passed over.
    private static List<SingleValidationMessage> judge(String version, String resource) {
        try {
            return VALIDATORS.computeIfAbsent(version, Validate::validatorOf).validateWithResult(resource).getMessages();
        } catch (RuntimeException failure) {
            var message = new SingleValidationMessage();
            message.setSeverity(ResultSeverityEnum.FATAL);
            message.setMessage("HAPI could not judge it: " + failure);
            return List.of(message);
        }
    }

    public static void main(String[] arguments) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line; (line = input.readLine()) != null;) {
            JsonNode item = JSON.readTree(line);
            String version = item.get("version").asText();
            for (SingleValidationMessage message : judge(version, item.get("resource").toString())) {
                output.println(JSON.writeValueAsString(Map.of(
                    "name", item.get("name").asText(), "version", version, "severity", message.getSeverity().getCode(),
                    "location", String.valueOf(message.getLocationString()), "message", String.valueOf(message.getMessage()))));
            }
        }
    }
}
