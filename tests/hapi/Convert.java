// Converts resources between FHIR versions with HL7's converters, step by step along DSTU2 - STU3 - R4 - R5. Standard input: a line of JSON a
// resource, {"from": version, "to": version, "resource": {...}}. Standard output, in the same order: {"resource": {...}}, or {"error": ...}
// where it is no valid resource or the converters have nothing for it.
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.convertors.factory.VersionConvertorFactory_10_30;
import org.hl7.fhir.convertors.factory.VersionConvertorFactory_30_40;
import org.hl7.fhir.convertors.factory.VersionConvertorFactory_40_50;

final class Convert {
    // Numbers keep their digits: 38.0 is not 38.
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));
    private static final List<String> VERSIONS = List.of("DSTU2", "STU3", "R4", "R5");

    private static Object parse(String version, String json) throws IOException {
        return switch (version) {
            case "DSTU2" -> new org.hl7.fhir.dstu2.formats.JsonParser().parse(json);
            case "STU3" -> new org.hl7.fhir.dstu3.formats.JsonParser().parse(json);
            case "R4" -> new org.hl7.fhir.r4.formats.JsonParser().parse(json);
            default -> new org.hl7.fhir.r5.formats.JsonParser().parse(json);
        };
    }

    private static String compose(Object resource) throws IOException {
        if (resource instanceof org.hl7.fhir.dstu2.model.Resource one) return new org.hl7.fhir.dstu2.formats.JsonParser().composeString(one);
        if (resource instanceof org.hl7.fhir.dstu3.model.Resource one) return new org.hl7.fhir.dstu3.formats.JsonParser().composeString(one);
        if (resource instanceof org.hl7.fhir.r4.model.Resource one) return new org.hl7.fhir.r4.formats.JsonParser().composeString(one);
        return new org.hl7.fhir.r5.formats.JsonParser().composeString((org.hl7.fhir.r5.model.Resource) resource);
    }

    private static Object newer(Object resource) {
        if (resource instanceof org.hl7.fhir.dstu2.model.Resource one) return VersionConvertorFactory_10_30.convertResource(one);
        if (resource instanceof org.hl7.fhir.dstu3.model.Resource one) return VersionConvertorFactory_30_40.convertResource(one);
        return VersionConvertorFactory_40_50.convertResource((org.hl7.fhir.r4.model.Resource) resource);
    }

    private static Object older(Object resource) {
        if (resource instanceof org.hl7.fhir.r5.model.Resource one) return VersionConvertorFactory_40_50.convertResource(one);
        if (resource instanceof org.hl7.fhir.r4.model.Resource one) return VersionConvertorFactory_30_40.convertResource(one);
        return VersionConvertorFactory_10_30.convertResource((org.hl7.fhir.dstu3.model.Resource) resource);
    }

    private static String convert(JsonNode item) throws IOException {
        int at = VERSIONS.indexOf(item.get("from").asText()), to = VERSIONS.indexOf(item.get("to").asText());
        Object resource = parse(VERSIONS.get(at), item.get("resource").toString());
        for (; at < to; ++at) resource = newer(resource);
        for (; at > to; --at) resource = older(resource);
        return compose(resource);
    }

    private static Map<String, Object> answer(JsonNode item) throws IOException {
        try {
            return Map.of("resource", JSON.readTree(convert(item)));
        } catch (RuntimeException failure) {
            return Map.of("error", String.valueOf(failure.getMessage()));
        }
    }

    public static void main(String[] arguments) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line; (line = input.readLine()) != null;) output.println(JSON.writeValueAsString(answer(JSON.readTree(line))));
    }
}
